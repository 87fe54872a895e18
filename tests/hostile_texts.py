"""
Words that somebody might write to make the PDF maker fetch, read, run or hide something.

`payloads` puts the address of a listening socket and that of a file with a secret into them, so that a test sees what
was reached. Those of `MARKUP` try markup of some kind; those of `CHARACTERS` are odd text.
"""

ADDRESSES = (
    "http://{host}/{number}.css",
    "//{host}/{number}.svg",
    "{file}",
    "data:text/css,@import%20'http://{host}/{number}'",
)
MARKUP = (
    '<img src="{a}">',
    "<img src='{a}' onerror=alert(1)>",
    '<img srcset="{a} 2x" alt="x">',
    '<link rel="stylesheet" href="{a}">',
    '<link rel="attachment" href="{a}">',
    "<link rel=icon href={a}>",
    '<style>@import "{a}";</style>',
    "<style>@import url({a}) screen;</style>",
    "<style>@font-face {{ font-family: x; src: url({a}) }} body {{ font-family: x }}</style>",
    '<style>body {{ background: url("{a}") }}</style>',
    "<style>p::before {{ content: url({a}) }}</style>",
    "<style>@page {{ background: url({a}) }}</style>",
    '<p style="background-image: url({a})">x</p>',
    '<ul style="list-style: url({a})"><li>x</li></ul>',
    '<div style="border-image: url({a}) 1">x</div>',
    '<object data="{a}">x</object>',
    '<embed src="{a}">',
    '<iframe src="{a}"></iframe>',
    '<script src="{a}"></script>',
    '<video src="{a}" poster="{a}"></video>',
    '<audio src="{a}"></audio>',
    '<input type="image" src="{a}" alt="x">',
    '<base href="{a}">',
    '<meta http-equiv="refresh" content="0;url={a}">',
    '<a href="{a}" rel="attachment">x</a>',
    '<table background="{a}"><tr><td>x</td></tr></table>',
    '<svg><image href="{a}" width="9" height="9"/></svg>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{a}" width="9" height="9"/></svg>',
    '<svg><use href="{a}#x"/></svg>',
    '<svg><foreignObject width="9" height="9"><img src="{a}"></foreignObject></svg>',
    '<svg><script href="{a}">alert(1)</script></svg>',
    '<svg><style>@import "{a}";</style></svg>',
    '<svg><rect fill="url({a}#g)" width="9" height="9"/></svg>',
    '<?xml-stylesheet href="{a}"?>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{a}">]><x>&e;</x>',
    '"><img src="{a}">',
    "'></td></tr></table><img src='{a}'>",
    '</style><link rel="stylesheet" href="{a}">',
    '--><img src="{a}"><!--',
    ']]></title><img src="{a}">',
    '{{% include "{a}" %}}{{{{ settings.SECRET_KEY }}}}',
    "[x]({a})",
)
CHARACTERS = (
    "null \0 here",
    *(f"control {chr(code)} here" for code in (1, 7, 8, 11, 12, 27, 31, 127, 133, 159)),
    *(
        f"direction {chr(code)} here"
        for code in (0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
    ),
    "no character \ufffe and \uffff",
    "half of a pair \ud800",
    "private \ue000 and \U0010ffff",
    "tags \U000e0041\U000e0042",
    "combining Z" + "\u0351" * 40,
    "joined \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "spaces \u2003\u3000\u00a0\u2028\u2029 end",
    "שלום (5) <b>עולם</b>",
    "مرحبا \u202eبالعالم 12",
    "北京市第一医院 東京 서울",
    "ﬁ ligature and ℡",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;#60; &#x3C;img&#x3E;",
    "%3Cimg%20src%3Dx%3E \\u003cimg\\u003e",
    "=HYPERLINK(\"http://{host}/x\") 'quoted' `ticked`",
    "; DROP TABLE reports; --",
    "../../../../etc/passwd",
    "unbroken" * 200,
    "word " * 600,
    "<b>" * 500,
    "(" * 300 + ")" * 300,
)


def payloads(*, host, file):
    """Return all of them: `host` is where the socket listens, `file` the address of the secret file."""
    carried = [
        carrier.format(a=address.format(host=host, number=number, file=file))
        for number, carrier in enumerate(MARKUP)
        for address in ADDRESSES
    ]
    return carried + [text.replace("{host}", host) for text in CHARACTERS]


def laughs(depth=9):
    """Return a drawing whose entities multiply to a thousand million words."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, depth + 1))
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{entities}]><svg xmlns="http://www.w3.org/2000/svg"><text>&l{depth};</text></svg>'
