"""
Stamps: what a page rests on, in one value that is another as soon as any of it was changed.

Every service writes its act into an audit chain in the act's own transaction, so that the heads of the chains move
together with the rows.
"""

from dataclasses import dataclass

from django.db.models import Func, Q

from partnership import audit
from partnership.models import AuditChain


@dataclass(frozen=True)
class Stamp:
    """`shown` is another after each act that can change what pages show; `whole` after any at all, scores included."""

    shown: str
    whole: str


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


def chains_of(rows, kind, identifier="public_id"):
    """Match the chains of some rows, or of what `identifier` leads to from them; `kind` is how their keys begin."""
    return Q(key__in=rows.order_by().values(chain_key=ChainKey(identifier, kind=kind)))


def heads(chains):
    """Return the heads of the chains that `chains` matches and of the portal's own; a queryset for `stamp`."""
    return (
        AuditChain.objects.filter(Q(key=audit.PORTAL) | chains)
        .order_by("key")
        .values_list("key", "shown_hash", "head_hash")
    )


def stamp(heads):
    """Return the stamp that some chains' heads make together."""
    return Stamp(
        shown=audit.digest(audit.canonical([[key, shown] for key, shown, _ in heads])),
        whole=audit.digest(audit.canonical([[key, whole] for key, _, whole in heads])),
    )
