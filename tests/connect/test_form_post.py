"""The answer that the browser posts to the application by itself."""

from __future__ import annotations

import pytest

from support.authorizing import authorize_url


@pytest.mark.parametrize("prompt", ["consent", "none"])
@pytest.mark.parametrize(
    "evil",
    [
        '"><script>alert(1)</script>',
        "' onfocus='alert(1)' autofocus='",
        '" formaction="javascript:alert(1)" x="',
        "</form><form action='https://evil.example'>",
        "</script><!--{{ 7 }}&quot;&#39;`",
    ],
)
def test_a_form_post_answer_escapes_what_the_application_sent(
    site, anna, application, evil, prompt
):
    """Advisory GHSA-pr34-2v5x-6qjq: an answer that posts itself, with markup in ``state``.

    With ``prompt=none`` it is the error that comes back, without a person between.
    """
    url = authorize_url(application, response_mode="form_post", state=evil, prompt=prompt)
    response = site.get(url)
    if prompt == "consent":
        response = site.submit({}, button="Allow")
    form = site.page.form("https://shop.example")
    assert form.fields["state"] == evil
    assert ("code" in form.fields) is (prompt == "consent")
    assert evil not in site.page.html
    assert len([each for each in site.page.all("form") if "data-send" in each.attributes]) == 1
    sources = [each.attributes.get("src", "") for each in site.page.all("script")]
    assert all(source.startswith("/static/") for source in sources)
    assert "script-src 'self'" in response.headers["content-security-policy"]
