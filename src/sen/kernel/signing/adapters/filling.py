"""One revision that fills digits in and signs: the file is parsed once, all before it untouched.

Nothing is drawn onto pages after the first signature. Nguồn: ISO 32000-2, mục 12.8; Nghị định
30/2020/NĐ-CP, Điều 13-18 (người có thẩm quyền ký, rồi ghi số, ngày, rồi cơ quan ký).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigSeedSubFilter,
)
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from sen.kernel.signing.adapters.appearance import (
    FACES,
    DigitStyle,
    Picture,
    digits_form,
    picture_form,
)
from sen.kernel.signing.adapters.objects import dictionary, entry, name, text
from sen.kernel.signing.adapters.preparing import MOST_DIGITS
from sen.kernel.signing.adapters.revision import (
    PreparedField,
    Revision,
    fields_of,
    size_of,
)
from sen.kernel.signing.data import NotPrepared


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureToMake:
    """What one revision is to hold.

    make: returns the CMS message for a SHA-256 digest. most_bytes: its greatest length.
    """

    field: str
    fill: Mapping[str, str]
    lock_fields: tuple[str, ...]
    certify: bool
    signer_name: str
    shown: Picture | None
    signed_at: dt.datetime
    most_bytes: int
    make: Callable[[bytes], bytes]


def sign(data: bytes, wanted: SignatureToMake) -> bytes:
    """Return the file with one more revision: digits filled in, field signed.

    A certifying signature allows forms to be filled in and signed, and nothing else. Raises
    NotPrepared when the file has no such empty field, when digits are locked already, or when a
    signature stands before a certifying one.
    """
    revision = Revision(data)
    fields = fields_of(revision)
    _check(fields, wanted)
    for key, digits in wanted.fill.items():
        _fill(revision, fields[key], digits)
    target = fields[wanted.field]
    if wanted.shown is not None:
        form = picture_form(revision, wanted.shown, *size_of(target.dictionary))
        target.dictionary[name("AP")] = dictionary({"N": revision.add_object(form)})
    placeholder = PdfSignedData(
        name("Sig"),
        subfilter=SigSeedSubFilter.PADES,
        timestamp=wanted.signed_at,
        bytes_reserved=2 * wanted.most_bytes,
    )
    placeholder[name("Name")] = text(wanted.signer_name)
    steps = PdfCMSEmbedder().write_cms(wanted.field, revision, existing_fields_only=True)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=_mdp(target, wanted)))
    prepared, out = steps.send(SigIOSetup(md_algorithm="sha256"))
    steps.send(wanted.make(prepared.document_digest))
    return bytes(out.getbuffer())


def _mdp(target: PreparedField, wanted: SignatureToMake) -> SigMDPSetup:
    locked = list(wanted.lock_fields)
    prepared = entry(target.dictionary, "/Lock")
    if prepared is not None:
        locked = [str(f) for f in prepared["/Fields"]] + locked
    spec = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=list(dict.fromkeys(locked)))
    return SigMDPSetup(
        md_algorithm="sha256",
        certify=wanted.certify,
        docmdp_perms=MDPPerm.FILL_FORMS if wanted.certify else None,
        field_lock=spec if locked else None,
    )


def _check(fields: Mapping[str, PreparedField], wanted: SignatureToMake) -> None:
    target = fields.get(wanted.field)
    if target is None or not target.is_signature or target.is_filled:
        raise NotPrepared(f"no empty signature field {wanted.field}")
    signed = [field for field in fields.values() if field.is_signature and field.is_filled]
    if wanted.certify and signed:
        raise NotPrepared("a certifying signature comes first")
    locked = {
        str(key)
        for field in signed
        if "/Lock" in field.dictionary
        for key in field.dictionary["/Lock"]["/Fields"]
    }
    for key, digits in wanted.fill.items():
        if key not in fields or fields[key].is_signature:
            raise NotPrepared(f"no field {key}")
        if key in locked:
            raise NotPrepared(f"field {key} is locked by a signature")
        if not re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", digits):
            raise NotPrepared(f"field {key} takes digits only")


_FACES = {face.font: face for face in FACES.values()}


def _fill(revision: Revision, field: PreparedField, digits: str) -> None:
    widget = field.dictionary
    matched = re.fullmatch(r"/(\w+) ([0-9.]+) Tf 0 g", str(widget["/DA"]))
    if matched is None or matched[1] not in _FACES:
        raise NotPrepared("the field was not prepared here")
    style = DigitStyle(
        face=_FACES[matched[1]], size=float(matched[2]), align=int(entry(widget, "/Q", 0))
    )
    font = revision.root["/AcroForm"]["/DR"]["/Font"].raw_get("/" + style.face.font)
    look = revision.add_object(digits_form(digits, style, font, *size_of(widget)))
    widget[name("V")] = text(digits)
    widget[name("AP")] = dictionary({"N": look})
    revision.mark_update(field.reference)
