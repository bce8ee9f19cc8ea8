"""Browsers are recognised by what they send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit.useragents import Agent, parse

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K)"
KHTML = "(KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 {KHTML}"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 {KHTML}"
CHROMIUM = f"AppleWebKit/537.36 {KHTML} Chrome/142.0.0.0"
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A.231005.007; wv) AppleWebKit/537.36 "
    f"{KHTML} Version/4.0 Chrome/131.0.6778.200 Mobile Safari/537.36"
)

CASES = [
    # Computers
    (f"{WINDOWS} {CHROMIUM} Safari/537.36", Agent("Chrome", "142", "Windows")),
    (f"{MAC} {CHROMIUM} Safari/537.36", Agent("Chrome", "142", "macOS")),
    (f"{LINUX} {CHROMIUM} Safari/537.36", Agent("Chrome", "142", "Linux")),
    (
        f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROMIUM} Safari/537.36",
        Agent("Chrome", "142", "ChromeOS"),
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Agent("Firefox", "145", "Windows"),
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
        Agent("Firefox", "145", "macOS"),
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        Agent("Firefox", "140", "Linux"),
    ),
    (
        "Mozilla/5.0 (X11; OpenBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0",
        Agent("Firefox", "140", "Linux"),
    ),
    (
        f"{MAC} AppleWebKit/605.1.15 {KHTML} Version/18.5 Safari/605.1.15",
        Agent("Safari", "18", "macOS"),
    ),
    (f"{WINDOWS} {CHROMIUM} Safari/537.36 Edg/142.0.0.0", Agent("Edge", "142", "Windows")),
    (f"{MAC} {CHROMIUM} Safari/537.36 Edg/142.0.0.0", Agent("Edge", "142", "macOS")),
    (
        f"{WINDOWS} AppleWebKit/537.36 {KHTML} Chrome/70.0.3538.102 Safari/537.36 Edge/18.19045",
        Agent("Edge", "18", "Windows"),
    ),
    (f"{WINDOWS} {CHROMIUM} Safari/537.36 OPR/122.0.0.0", Agent("Opera", "122", "Windows")),
    (f"{LINUX} {CHROMIUM} Safari/537.36 Vivaldi/7.6", Agent("Vivaldi", "7", "Linux")),
    (
        f"{MAC} AppleWebKit/605.1.15 {KHTML} Version/18.3 Safari/605.1.15 Ddg/18.3",
        Agent("DuckDuckGo", "18", "macOS"),
    ),
    (
        f"{LINUX} AppleWebKit/537.36 {KHTML} HeadlessChrome/142.0.0.0 Safari/537.36",
        Agent("Chrome", "142", "Linux"),
    ),
    (
        f"{WINDOWS} AppleWebKit/537.36 {KHTML} Teams/24.2 Chrome/130.0.0.0 Safari/537.36",
        Agent("Microsoft Teams", "", "Windows", in_app=True),
    ),
    # Android
    (f"{ANDROID} {CHROMIUM} Mobile Safari/537.36", Agent("Chrome", "142", "Android", "phone")),
    (f"{ANDROID} {CHROMIUM} Safari/537.36", Agent("Chrome", "142", "Android", "tablet")),
    (
        "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
        Agent("Firefox", "145", "Android", "phone"),
    ),
    (
        "Mozilla/5.0 (Android 14; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0",
        Agent("Firefox", "145", "Android", "tablet"),
    ),
    (
        f"{ANDROID} AppleWebKit/537.36 {KHTML} SamsungBrowser/28.0 Mobile Safari/537.36",
        Agent("Samsung Internet", "28", "Android", "phone"),
    ),
    (
        f"{ANDROID} AppleWebKit/537.36 {KHTML} SamsungBrowser/28.0 Chrome/130.0.0.0 Safari/537.36",
        Agent("Samsung Internet", "28", "Android", "tablet"),
    ),
    (
        f"{ANDROID} {CHROMIUM} Mobile Safari/537.36 EdgA/142.0.0.0",
        Agent("Edge", "142", "Android", "phone"),
    ),
    (
        f"{ANDROID} {CHROMIUM} Mobile Safari/537.36 OPR/92.0.0.0",
        Agent("Opera", "92", "Android", "phone"),
    ),
    (WEBVIEW, Agent("Chrome", "131", "Android", "phone", in_app=True)),
    (
        f"{WEBVIEW} [FB_IAB/FB4A;FBAV/490.0.0.63.82;]",
        Agent("Facebook", "", "Android", "phone", in_app=True),
    ),
    (
        f"{WEBVIEW} Instagram 361.0.0.46.88 Android (34/14; 480dpi; 1080x2340; samsung)",
        Agent("Instagram", "", "Android", "phone", in_app=True),
    ),
    (
        f"{WEBVIEW} MMWEBID/4505 MicroMessenger/8.0.49.2600(0x28003137) WeChat/arm64",
        Agent("WeChat", "", "Android", "phone", in_app=True),
    ),
    (f"{WEBVIEW} Line/14.20.0/IAB", Agent("LINE", "", "Android", "phone", in_app=True)),
    (
        f"{WEBVIEW} musical_ly_2023700010 BytedanceWebview/d8a21c6",
        Agent("TikTok", "", "Android", "phone", in_app=True),
    ),
    # iPhone and iPad
    (
        f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1",
        Agent("Safari", "18", "iOS", "phone"),
    ),
    (
        f"{IPAD} Version/17.7 Mobile/15E148 Safari/604.1",
        Agent("Safari", "17", "iPadOS", "tablet"),
    ),
    (
        f"{IPHONE} CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1",
        Agent("Chrome", "142", "iOS", "phone"),
    ),
    (
        f"{IPHONE} FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
        Agent("Firefox", "145", "iOS", "phone"),
    ),
    (
        f"{IPHONE} Version/18.0 EdgiOS/142.0.3595.53 Mobile/15E148 Safari/604.1",
        Agent("Edge", "142", "iOS", "phone"),
    ),
    (
        f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1 OPT/5.7.0",
        Agent("Opera", "5", "iOS", "phone"),
    ),
    (f"{IPHONE} Mobile/15E148", Agent("", "", "iOS", "phone", in_app=True)),
    (
        f"{IPHONE} Mobile/22F76 [FBAN/FBIOS;FBAV/512.0.0.51.109;FBDV/iPhone15,2]",
        Agent("Facebook", "", "iOS", "phone", in_app=True),
    ),
    (
        f"{IPHONE} Mobile/22F76 Instagram 380.0.0.28.88 (iPhone15,2; iOS 18_5; de_CH)",
        Agent("Instagram", "", "iOS", "phone", in_app=True),
    ),
    (
        f"{IPHONE} Mobile/22F76 [LinkedInApp]/9.30.4747",
        Agent("LinkedIn", "", "iOS", "phone", in_app=True),
    ),
    (
        f"{IPHONE} GSA/360.0.737798518 Mobile/15E148 Safari/604.1",
        Agent("Google app", "", "iOS", "phone", in_app=True),
    ),
    # Others
    ("curl/8.14.1", Agent()),
    ("", Agent()),
]


@pytest.mark.parametrize(("user_agent", "expected"), CASES, ids=range(len(CASES)))
def test_a_browser_is_recognised(user_agent: str, expected: Agent):
    assert parse(user_agent) == expected


def test_brave_is_told_from_chrome_by_its_brand():
    agent = f"{WINDOWS} {CHROMIUM} Safari/537.36"
    brands = '"Chromium";v="142", "Brave";v="142", "Not_A Brand";v="99"'
    assert parse(agent, brands) == Agent("Brave", "142", "Windows")


def test_an_unknown_brand_changes_nothing():
    agent = f"{WINDOWS} {CHROMIUM} Safari/537.36"
    assert parse(agent, '"Chromium";v="142", "Google Chrome";v="142"').browser == "Chrome"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (Agent("Firefox", "145", "Windows"), "Firefox on Windows"),
        (Agent("Firefox", "145"), "Firefox"),
        (Agent(system="iOS"), "iOS"),
        (Agent(), "Unknown browser"),
    ],
)
def test_a_label_names_what_is_known(agent: Agent, label: str):
    assert agent.label == label


@given(st.text(max_size=3000), st.text(max_size=3000))
def test_no_header_is_too_strange(user_agent: str, brands: str):
    assert parse(user_agent, brands).form in {"desktop", "phone", "tablet"}
