"""Small files of each kind that may be uploaded, and of kinds that may not."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" * 8
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind="PNG", size=(4, 3)):
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, kind)
    return content.getvalue()


def packed(**parts):
    """Return a zip file; a part's name is given with `__` for a slash and `_dot_` for a full stop."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            # A fixed date: the content names a test, and every process must give it the same name.
            part = zipfile.ZipInfo(name.replace("__", "/").replace("_dot_", "."), date_time=(2026, 1, 1, 0, 0, 0))
            file.writestr(part, text, compress_type=zipfile.ZIP_DEFLATED)
    return content.getvalue()


def office(main="word__document_dot_xml", types="<Types/>", **more):
    return packed(**{"[Content_Types]_dot_xml": types, main: "<document/>"}, **more)


def open_document(kind="text"):
    return packed(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_dot_xml="<document/>")


def zip_bomb():
    """Return a few kilobytes that would unpack to twenty megabytes."""
    return office(word__media__huge_dot_bin=bytes(20 * 1024 * 1024))
