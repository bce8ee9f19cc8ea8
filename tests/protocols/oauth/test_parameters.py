from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.parameters import (
    FORM,
    MAXIMUM_PAIRS,
    Parameters,
    UnreadableError,
    from_body,
    from_pairs,
    from_urlencoded,
)

BOUNDARY = "3i2ndDfv2rTHiSisAbouNdArYfORhtTPEefj3q2f"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def multipart(*fields: tuple[str, str], end: str = "--") -> bytes:
    parts = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"Content-Length: {len(value)}\r\n\r\n{value}\r\n"
        for name, value in fields
    )
    return f"{parts}--{BOUNDARY}{end}\r\n".encode()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=1&&b=2&", {"a": "1", "b": "2"}),
        ("a=&b", {}),
        ("a=x+y%20z", {"a": "x y z"}),
        ("a=b=c", {"a": "b=c"}),
        ("caf%C3%A9=%E2%82%AC", {"café": "€"}),
        ("a%26b=%3D", {"a&b": "="}),
    ],
)
def test_urlencoded_text_is_read(text: str, values: dict[str, str]) -> None:
    assert from_urlencoded(text).values == values


@pytest.mark.parametrize("text", ["a=1&a=1", "a=1&a=2", "a=&a=1", "a=1&a", "a&a"])
def test_a_parameter_that_comes_twice_is_told_even_when_empty_or_equal(text: str) -> None:
    assert from_urlencoded(text).repeated == {"a"}


@pytest.mark.parametrize(
    "text",
    ["a=%", "a=%2", "a=%zz", "%=1", "a=%ff", "a=%C3", "a=%ED%A0%80", "a=%00", "%00=a", "a=\0"],
)
def test_broken_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        from_urlencoded(text)


def test_too_many_parameters_are_refused() -> None:
    assert len(from_urlencoded("&".join(f"p{n}=1" for n in range(MAXIMUM_PAIRS))).values) == 200
    with pytest.raises(UnreadableError):
        from_urlencoded("&".join(f"p{n}=1" for n in range(MAXIMUM_PAIRS + 1)))


def test_pairs_from_elsewhere_are_collected_alike() -> None:
    assert from_pairs([("a", ""), ("b", "1"), ("b", "2")]) == Parameters(
        {"b": "1"}, frozenset({"b"})
    )


def test_values_never_show_in_a_representation() -> None:
    assert "hush" not in repr(from_urlencoded("client_secret=hush"))


@pytest.mark.parametrize(
    "content_type",
    [
        FORM,
        f"{FORM}; charset=UTF-8",
        "Application/X-WWW-Form-URLencoded",
        f" {FORM} ;charset=utf-8",
    ],
)
def test_an_urlencoded_body_is_read(content_type: str) -> None:
    assert from_body(content_type, b"a=1&b=%C3%A9").values == {"a": "1", "b": "é"}


def test_a_multipart_body_is_read_as_mobile_clients_send_it() -> None:
    body = multipart(("grant_type", "authorization_code"), ("code", "x\r\ny"), ("empty", ""))
    assert from_body(MULTIPART, body).values == {
        "grant_type": "authorization_code",
        "code": "x\r\ny",
    }


def test_a_multipart_body_with_quoted_boundary_preamble_and_epilogue_is_read() -> None:
    body = b"ignored\r\n" + multipart(("a", "é")) + b"ignored"
    content_type = f'multipart/form-data; charset=utf-8; boundary="{BOUNDARY}"'
    assert from_body(content_type, body).values == {"a": "é"}


def test_a_multipart_field_that_comes_twice_is_told() -> None:
    assert from_body(MULTIPART, multipart(("a", "1"), ("a", "1"))).repeated == {"a"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("", b"a=1"),
        ("application/json", b'{"a": 1}'),
        ("text/plain", b"a=1"),
        (f"{FORM}x", b"a=1"),
        (FORM, b"a=\xff"),
        (FORM, b"\xff\xfe"),
        ("multipart/form-data", multipart(("a", "1"))),
        ("multipart/form-data; boundary=", multipart(("a", "1"))),
        (f"multipart/form-data; boundary={'x' * 71}", b""),
        ("multipart/form-data; boundary=ä", b""),
        (MULTIPART, b""),
        (MULTIPART, b"a=1"),
        (MULTIPART, multipart(("a", "1"), end="")),
        (MULTIPART, multipart(("a", "1\0"))),
        (MULTIPART, multipart(("", "1"))),
        (MULTIPART, multipart(('a"; filename="x', "1"))),
        (MULTIPART, multipart(("a", "1")).replace(b"form-data", b"attachment")),
        (MULTIPART, multipart(("a", "1")).replace(b"\r\n\r\n", b"\r\n")),
        (MULTIPART, multipart(("a", "1")).replace(b"=1", b"=\xff").replace(b"\n1", b"\n\xff")),
        (
            MULTIPART,
            multipart(("a", "1")).replace(
                b"Content-Length: 1", b"Content-Transfer-Encoding: base64"
            ),
        ),
        (MULTIPART, multipart(*((f"p{n}", "1") for n in range(MAXIMUM_PAIRS + 1)))),
    ],
)
def test_a_body_that_does_not_keep_its_form_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(UnreadableError):
        from_body(content_type, body)


@given(st.text())
def test_any_query_is_read_or_refused(text: str) -> None:
    try:
        from_urlencoded(text)
    except UnreadableError:
        pass


@given(st.sampled_from([FORM, MULTIPART, 'multipart/form-data; boundary="', ""]), st.binary())
def test_any_body_is_read_or_refused(content_type: str, body: bytes) -> None:
    try:
        from_body(content_type, body)
    except UnreadableError:
        pass


@given(st.text(), st.binary())
def test_any_content_type_is_read_or_refused(content_type: str, body: bytes) -> None:
    try:
        from_body(content_type, body)
    except UnreadableError:
        pass


_WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\'), min_size=1
)


@given(st.dictionaries(_WORDS, _WORDS, max_size=8))
def test_what_a_multipart_client_sends_comes_out(values: dict[str, str]) -> None:
    assert from_body(MULTIPART, multipart(*values.items())).values == values
