"""The two digits by which registries write ethnic groups, and our words for them."""

from __future__ import annotations

_IN_ORDER = (
    "kinh", "tay", "thai", "hoa", "khmer", "muong", "nung", "hmong", "dao", "gia_rai", "ngai",
    "e_de", "ba_na", "xo_dang", "san_chay", "co_ho", "cham", "san_diu", "hre", "mnong", "ra_glai",
    "xtieng", "bru_van_kieu", "tho", "giay", "co_tu", "gie_trieng", "ma", "kho_mu", "co", "ta_oi",
    "cho_ro", "khang", "xinh_mun", "ha_nhi", "chu_ru", "lao", "la_chi", "la_ha", "phu_la", "la_hu",
    "lu", "lo_lo", "chut", "mang", "pa_then", "co_lao", "cong", "bo_y", "si_la", "pu_peo", "brau",
    "o_du", "ro_mam",
)  # fmt: skip
CODES = {f"{number:02}": name for number, name in enumerate(_IN_ORDER, start=1)}
"""By code, 01 to 54 (Nguồn: Quyết định 121-TCTK/PPCĐ ngày 02/3/1979)."""
