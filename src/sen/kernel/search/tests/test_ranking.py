from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.kernel.search.data import Document, Line, Ranking, Wording
from sen.kernel.search.rules import dictionary, reading, syllables
from sen.kernel.search.rules.beginnings import Beginnings
from sen.kernel.search.rules.ranking import Index

TITLES = {
    "1.000001": "Đăng ký khai sinh",
    "1.000002": "Thủ tục đăng ký lại khai sinh",
    "1.000003": "Đăng ký khai sinh có yếu tố nước ngoài",
    "1.000004": "Cấp giấy phép bán lẻ rượu",
    "1.000005": "Đăng ký tạm trú",
    "1.000006": "Cấp Giấy chứng nhận quyền sử dụng đất (thực hiện tại cấp tỉnh)",
    "1.000007": "Khai thuế đối với cá nhân cho thuê nhà",
    "1.000008": "Cấp lại Giấy chứng nhận quyền sử dụng đất do bị mất",
}
LINES = (
    Wording(phrase="cho tôi hỏi"),
    Wording(phrase="ở mô"),
    Wording(phrase="mần"),
    Wording(phrase="làm"),
    Wording(phrase="sổ đỏ", means=("giấy chứng nhận quyền sử dụng đất",)),
    Wording(phrase="mất", means=("cấp lại", "do bị mất")),
    Wording(phrase="mới sinh con", records=("1.000001", "1.000005")),
    Wording(phrase="giá vàng", is_outside=True),
)


@pytest.fixture(scope="module")
def index() -> Index:
    documents = [Document(key=key, title=title) for key, title in TITLES.items()]
    return Index(documents, LINES, narrowing=("đăng ký lại", "cấp lại", "có yếu tố nước ngoài"))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("đăng ký khai sinh", "1.000001"),
        ("dang ky khai sinh", "1.000001"),
        ("đăng kí khai sinh", "1.000001"),
        ("khai sinhh", "1.000001"),
        ("khaisinh", "1.000001"),
        ("ddawng kys khai sinh", "1.000001"),
        ("d9a8ng ky1 khai sinh", "1.000001"),
        ("mần khai sinh ở mô", "1.000001"),
        ("khai sinh nước ngoài", "1.000003"),
        ("đăng ký lại khai sinh", "1.000002"),
        ("ban le ruou", "1.000004"),
        ("đăng kí tạm chú", "1.000005"),
        ("sổ đỏ", "1.000006"),
        ("so do", "1.000006"),
        ("mất sổ đỏ", "1.000008"),
        ("thuê nhà", "1.000007"),
        ("mới sinh con", "1.000001"),
        ("cho tôi hỏi mới sinh con", "1.000001"),
        ("1.000004", "1.000004"),
        ("1,000004", "1.000004"),
        ("dạ em muốn hỏi là có cái việc này: mới sinh con bên nhà ngoại", "1.000001"),
        ("thủ tục 1000004", "1.000004"),
        ("1 . 000004", "1.000004"),
        ("mã 1. 000 004 của khai sinh", "1.000004"),
    ],
)
def test_what_is_meant_comes_first(index, question, first):
    assert index.ask(question).found[0].key == first


@pytest.mark.parametrize(
    "question", ["", "  ", "!!!", "zzzz", "cho tôi hỏi", "giá vàng", "cách nấu phở bò", "ở mô"]
)
def test_nothing_is_found_where_there_is_nothing(index, question):
    assert index.ask(question).found == ()


def test_an_answer_says_how_the_question_was_read(index):
    answer = index.ask("cho tôi hỏi mất sổ ddor")
    assert [one.key for one in answer.found] == ["1.000008", "1.000006"]
    assert (answer.read_as, answer.wordings, answer.skipped, answer.outside) == (
        "cho tôi hỏi mất sổ đỏ", ("mất", "sổ đỏ"), ("cho tôi hỏi",), "",
    )  # fmt: skip
    assert index.ask("giá vàng").outside == "giá vàng"


@pytest.mark.parametrize(
    "question",
    ["bán lẻ kem chống nắng", "thuê váy cô dâu", "giá vàng khai sinh", "kẹt khóa tạm trú nóng"],
)
def test_a_word_or_two_that_fit_are_no_answer(index, question):
    assert index.ask(question).found == ()


def test_what_is_not_kept_here_may_be_said_beside_what_is(index):
    answer = index.ask("cấp lại giấy chứng nhận quyền sử dụng đất do bị mất mà giá vàng")
    assert (answer.found[0].key, answer.outside) == ("1.000008", "")


def test_less_may_be_enough(index):
    question = "sổ đỏ bán nước mía"
    assert index.ask(question).found == ()
    assert [one.key for one in index.ask(question, evidence=0.0).found] == ["1.000006", "1.000008"]


def test_places_are_the_words_that_were_meant(index):
    [found, *_others] = index.ask("khai sinh").found
    assert (found.key, found.places) == ("1.000001", frozenset({2, 3}))


def test_only_what_may_be_found_is(index):
    answer = index.ask("khai sinh", only=frozenset({"1.000003"}))
    assert [one.key for one in answer.found] == ["1.000003"]
    assert len(index) == len(TITLES)


SAID = (
    Wording(phrase="mở tiệm rượu gạo", records=("1.000004",)),
    Wording(phrase="bán rượu nếp ở chợ", records=("1.000004",)),
    Wording(phrase="thợ hồ ngủ lại lán", records=("1.000005", "1.000007")),
    Wording(phrase="không ai biết", records=("9.999999",)),
)


@pytest.fixture(scope="module")
def spoken() -> Index:
    documents = [Document(key=key, title=title) for key, title in TITLES.items()]
    return Index(documents, LINES, said=SAID)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("mở tiệm rượu gạo", ["1.000004"]),
        ("mấy thợ hồ ngủ lại lán", ["1.000005", "1.000007"]),
        ("ruou nep o cho", ["1.000004"]),
        ("không ai biết", []),
        ("ngủ ở chợ", []),
    ],
)
def test_phrases_as_people_say_a_record_lead_to_it(spoken, question, found):
    assert [one.key for one in spoken.ask(question).found] == found


def test_one_phrase_said_whole_tells_more_than_parts_of_two():
    documents = [Document(key=key, title="Thủ tục") for key in ("whole", "parts")]
    said = [
        Wording(phrase="gieo tinh bò cái", records=("whole",)),
        Wording(phrase="gieo tinh lợn", records=("parts",)),
        Wording(phrase="đeo thẻ bò cái", records=("parts",)),
    ]
    index = Index(documents, said=said)
    assert [one.key for one in index.ask("gieo tinh bò cái").found] == ["whole"]


def test_words_that_tell_nothing_weigh_nothing_in_a_phrase():
    documents = [Document(key="one", title="Thủ tục"), Document(key="two", title="Đăng ký")]
    said = [Wording(phrase="làm nước mắm", records=("one",))]
    index = Index(documents, [Wording(phrase="làm")], said=said)
    assert [one.key for one in index.ask("nước mắm").found] == ["one"]
    assert index.ask("làm").found == ()


def test_a_long_question_is_not_lost_for_what_else_it_says():
    others = [Document(key=f"{at}", title=f"Thủ tục {at} về việc khác") for at in range(300)]
    documents = [*others, Document(key="duck", title="Hỗ trợ nuôi vịt biển ven bờ")]
    index = Index(documents)
    question = (
        "dạ em ở xóm trên nghe chú hàng xóm kể có khoản hỗ trợ nuôi vịt biển gì đó phải không"
    )
    assert [one.key for one in index.ask(question).found] == ["duck"]


def test_how_people_say_records_is_read_from_a_file():
    text = "# lời\n1.2\tbán  Bún; mở quán bún;\n1.3\tbán bún\n1.4\t\n"
    assert list(dictionary.read_said(text, topic="Nói")) == [
        Line(phrases=("bán bún",), records=("1.2", "1.3"), topic="Nói"),
        Line(phrases=("mở quán bún",), records=("1.2",), topic="Nói"),
    ]


def test_near_ones_are_not_shown_beside_a_much_better_one(index):
    assert [one.key for one in index.ask("bán lẻ rượu").found] == ["1.000004"]


def test_an_empty_index_finds_nothing():
    assert Index(()).ask("khai sinh") == Ranking()


@given(st.text(max_size=60))
def test_any_text_is_answered(question):
    documents = [Document(key=key, title=title) for key, title in TITLES.items()]
    found = Index(documents, LINES).ask(question).found
    assert {one.key for one in found} <= set(TITLES)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("giaays", ["giấy"]), ("gia6y1", ["giấy"]), ("teen", ["tên"]), ("dduowngf", ["đường"]),
        ("d9a8ng", ["đăng"]), ("nhaw", ["nhă"]), ("tw", ["tư"]), ("khai", []), ("xyz", []),
        ("nguwowif", ["người"]), ("uw", ["ư"]), ("qwerty", []),
    ],
)  # fmt: skip
def test_keys_left_over_are_read(word, meant):
    assert syllables.from_keys(word) == meant


@pytest.mark.parametrize(
    ("word", "form", "fold"),
    [("Giấy", "giâyS", "giay"), ("ký", "kiS", "ki"), ("quý", "quiS", "qui"), ("uỷ", "uyR", "uy"),
     ("hoà", "hoaF", "hoa"), ("hòa", "hoaF", "hoa"), ("123", "123", "123")],
)  # fmt: skip
def test_forms_and_folds(word, form, fold):
    assert (syllables.form(word.lower()), syllables.fold(form)) == (form, fold)


@pytest.mark.parametrize(
    ("asked", "there", "like"),
    [("thuê", "thuê", 1.0), ("thuê", "thuêS", 0.55), ("thue", "thuêS", 0.7),
     ("ngaR", "ngaX", 0.9), ("mô", "mơR", 0.4)],
)  # fmt: skip
def test_likeness_with_marks(asked, there, like):
    assert syllables.likeness(asked, there, is_marked=True) == like
    assert syllables.likeness(asked, there, is_marked=False) == 1.0


def test_what_sounds_alike_is_alike():
    assert syllables.by_ear("tru") == syllables.by_ear("chu")
    assert syllables.by_ear("sinh") == syllables.by_ear("xin")
    assert syllables.by_ear("ruou") != syllables.by_ear("nuoc")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [("sinh", "sin", True), ("sinh", "sihn", True), ("sinh", "sunh", True), ("sinh", "sinhh", True),
     ("ngon", "nong", False), ("hom", "nho", False), ("sinh", "sonk", False), ("a", "abc", False)],
)  # fmt: skip
def test_one_slip(one, other, is_one):
    assert (syllables.is_one_slip(one, other), syllables.is_one_slip(other, one)) == (
        is_one, is_one,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("meant", "told"),
    [
        (set(), ["Cấp lại (bị mất), rách."]),
        ({0, 1}, ["*Cấp lại", " (bị mất), rách."]),
        ({1, 2, 3, 4}, ["Cấp ", "*lại", " (", "*bị mất", "), ", "*rách", "."]),
        ({0, 3, 9}, ["*Cấp", " lại (bị ", "*mất", "), rách."]),
    ],
)
def test_pieces_of_a_title_are_the_title_with_what_was_meant_told_apart(meant, told):
    pieces = syllables.pieces("Cấp lại (bị mất), rách.", meant)
    assert [f"*{text}" if is_meant else text for text, is_meant in pieces] == told
    assert syllables.pieces("", meant) == []


def test_a_short_word_may_be_a_slip_of_a_far_commoner_one_between_its_neighbours():
    known = reading.Vocabulary()
    known.add(["phép", "lao", "động"], weight=20)
    known.add(["lâu", "năm"])
    options = [word.options for word in reading.read("phép lau động", known)]
    assert options[1] == (("lao", 0.8), ("lau", 0.5))
    assert reading.read("lâu năm", known)[0].options == (("lâu", 1.0),)


def test_words_are_read_by_their_neighbours():
    known = reading.Vocabulary()
    known.add(["đăng", "ký", "tạm", "trú"])
    known.add(["chu", "kỳ"])
    [*_others, last] = reading.read("đăng ký tạm chu", known)
    assert [form for form, _weight in last.options] == ["chu", "truS"]
    assert (last.fold, last.is_plain, last.is_odd) == ("chu", True, False)
    [odd, *_others] = reading.read("dăng ký", known)
    assert (odd.is_plain, odd.is_odd) == (False, True)


def test_a_long_word_with_marks_may_be_a_slip_of_another():
    known = reading.Vocabulary()
    known.add(["thường", "trú"])
    known.add(["tường", "rào"])
    [first, _last] = reading.read("tường trú", known)
    assert [form for form, _weight in first.options] == ["tươngF", "thươngF"]
    [first, _last] = reading.read("tường rào", known)
    assert [form for form, _weight in first.options] == ["tươngF"]


def test_a_file_of_the_dictionary_is_read():
    text = (
        "# lời dặn\n## Hộ tịch\nkhai sinh|Giấy  sinh\tđăng ký khai sinh\t1.000001\n\nạ\ngiá vàng\t-"
    )
    lines = list(dictionary.read(text))
    assert [(one.phrases, one.means, one.records, one.is_outside, one.topic) for one in lines] == [
        (("khai sinh", "giấy sinh"), ("đăng ký khai sinh",), ("1.000001",), False, "Hộ tịch"),
        (("ạ",), (), (), False, "Hộ tịch"),
        (("giá vàng",), (), (), True, "Hộ tịch"),
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("khai s", "1.000001"), ("đăng ký khai s", "1.000001"), ("dang ky tam", "1.000005"),
        ("đăng ký t", "1.000005"), ("mới s", "1.000001"), ("moi sin", "1.000001"),
        ("mất sổ đ", "1.000008"), ("1.00000", "1.000001"), ("khai sinh", "1.000001"),
        ("đăng kí tạm chú", "1.000005"), ("bán lẻ rư", "1.000004"), ("sổ đỏ ", "1.000006"),
    ],
)  # fmt: skip
def test_what_is_begun_is_suggested(index, typed, first):
    assert index.suggest(typed)[0].key == first


@pytest.mark.parametrize("typed", ["", " ", "zq", "giá vàng", "giá vàn", "đăng ký tú"])
def test_nothing_is_suggested_where_nothing_fits(index, typed):
    assert index.suggest(typed) == []


def test_no_more_is_suggested_than_asked_for_and_each_once(index):
    keys = [one.key for one in index.suggest("đăng ký", limit=3)]
    assert len(keys) == len(set(keys)) == 3


def test_a_beginning_that_too_many_phrases_share_says_nothing_yet():
    lines = [Wording(phrase=f"mở quán số {at}", records=("a",)) for at in range(500)]
    begun = Beginnings([*lines, Wording(phrase="mở tiệm", records=("b",))], {"a": 0, "b": 1})
    assert (begun.of("mở"), begun.of("mở t"), begun.of("mo ti"), begun.of("")) == (
        {}, {1: 3}, {1: 2}, {},
    )  # fmt: skip
    assert Beginnings(lines, {}).of("mở") == {}


def test_words_can_be_taken_as_they_were_typed(index):
    assert index.ask("khai sinhh", is_exact=True).found == ()
    assert index.ask("khai sinh", is_exact=True) == index.ask("khai sinh")
