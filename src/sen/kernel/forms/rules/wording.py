"""What is wrong with answers, in polite words for whoever typed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sen.kernel.forms.data import Form, Wrong, localised


def words(form: Form, wrongs: Mapping[str, Sequence[Wrong]], language: str) -> dict[str, list[str]]:
    """Return the messages by question key; each names its field."""
    return {
        key: [_word(form, key, wrong, language) for wrong in found] for key, found in wrongs.items()
    }


def within_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: its first letter small, abbreviations kept."""
    if len(label) > 1 and label[0].isupper() and not label[1].isupper():
        return label[0].lower() + label[1:]
    return label


def label_of(form: Form, key: str, language: str) -> str:
    """Return the label of a question without its final question mark; an unknown key as it is."""
    question = form.questions.get(key)
    return localised(question.label, language).rstrip("?: ") if question else key


def _word(form: Form, key: str, wrong: Wrong, language: str) -> str:
    label = label_of(form, key, language)
    if wrong.message is not None:
        return f"{label}: {localised(wrong.message, language)}"
    return str(wrong.fault.label) % {
        "label": label,
        "name": within_sentence(label),
        "typed": wrong.typed,
        "limit": wrong.limit,
        "other": label_of(form, wrong.other, language) if wrong.other else "",
    }
