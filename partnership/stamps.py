"""
Stamps: what a page rests on, in a value that is another as soon as any of it was changed.

Every service writes its act into an audit chain in the act's own transaction, so that the chains' heads move together
with the rows. A page reads the head of each chain no later than the first row that is written under it: with that row,
in the same query (`shown`), or before (`heads`).
"""

from django.db.models import Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from partnership import audit
from partnership.models import AuditChain


class ChainKey(Func):
    """The key of a row's chain, as `audit.chain_key` writes it, made by the database of a public identifier."""

    arity = 1

    def as_sql(self, compiler, connection, **more):
        # PostgreSQL writes an identifier as Python does.
        return super().as_sql(compiler, connection, template="'%(kind)s:' || (%(expressions)s)::text", **more)

    def as_sqlite(self, compiler, connection, **more):
        # Kept there as 32 digits.
        column, params = compiler.compile(self.source_expressions[0])
        cuts = " || '-' || ".join(f"substr({column}, {at}, {long})" for at, long in _CUTS)
        return f"'{self.extra['kind']}:' || {cuts}", params * len(_CUTS)


_CUTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def shown(kind, identifier="public_id"):
    """
    Return, to annotate rows with, the `shown_hash` of their chain, or of that of what `identifier` leads to.

    `kind` is how the chain's key begins. Empty where nothing was recorded.
    """
    return _shown(AuditChain.objects.filter(key=ChainKey(OuterRef(identifier), kind=kind)))


def shown_of_portal():
    """Return, to annotate rows with, the `shown_hash` of the portal's own chain: of names, organisations, versions."""
    return _shown(AuditChain.objects.filter(key=audit.PORTAL))


def _shown(chains):
    return Coalesce(Subquery(chains.values("shown_hash")[:1]), Value(""))


def chains_of(rows, kind, identifier="public_id"):
    """Match the chains of some rows, or of what `identifier` leads to from them; `kind` as in `shown`."""
    return Q(key__in=rows.order_by().values(chain_key=ChainKey(identifier, kind=kind)))


def heads(chains):
    """Return the heads of the chains that `chains` matches and of the portal's own; a queryset for `stamp`."""
    found = AuditChain.objects.filter(Q(key=audit.PORTAL) | chains).order_by("key")
    return found.values_list("key", "shown_hash", "head_hash")


def stamp(heads):
    """
    Return the stamp that some chains' heads make together, as a pair.

    The first is another after each act that can change what pages show, the second after any at all, scores included.
    """
    heads = list(heads)
    return (
        audit.digest(audit.canonical([[key, shown] for key, shown, _ in heads])),
        audit.digest(audit.canonical([[key, whole] for key, _, whole in heads])),
    )
