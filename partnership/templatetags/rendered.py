"""The tag that renders a part of a page once in a process, where it says the same to everybody."""

from django import template

from partnership import rendered

register = template.Library()


@register.tag
def rendered_once(parser, token):
    """
    Render what stands between `{% rendered_once name=value … %}` and `{% end_rendered_once %}` once for these values.

    It sees nothing but the values, which must be such as `partnership.rendered.key_of` takes: neither the request nor
    the person, nor anything that may change. Parts that show personal words are not for it.
    """
    words = token.split_contents()[1:]
    values = template.base.token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"rendered_once takes name=value alone, not {' '.join(words)}")
    nodes = parser.parse(("end_rendered_once",))
    parser.delete_first_token()
    return RenderedOnce(nodes, values)


class RenderedOnce(template.Node):
    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values
        # Of this place in this template, as long as the process has it.
        self.place = object()

    def render(self, context):
        values = {name: each.resolve(context) for name, each in self.values.items()}
        known = (context.autoescape, *values.values())
        return rendered.part(self.place, known, lambda: self.nodelist.render(context.new(values)))
