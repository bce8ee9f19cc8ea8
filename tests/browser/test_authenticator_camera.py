"""Reading QR codes where the browser cannot: our own reader, and a real camera stream."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import segno
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from support.authenticator import App
from tools import browser as browser_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

LINK = "https://alpenhost.example/authenticator/#link=Zk3vQx9bT1mWc7LrYp0aHs8dFg2jKn5uEoIiV6wXyzA"
WIDTH, HEIGHT = 640, 480


def matrix(code: segno.QRCode) -> list[list[int]]:
    return [list(row) for row in code.matrix]


def picture(code: segno.QRCode, scale: int = 6, border: int = 4) -> Image.Image:
    rows = matrix(code)
    size = (len(rows) + 2 * border) * scale
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                left, top = (x + border) * scale, (y + border) * scale
                draw.rectangle((left, top, left + scale - 1, top + scale - 1), fill=0)
    return image


def solve(rows: list[list[float]]) -> list[float]:
    """Solve linear equations; each row ends with its right side."""
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(size):
            if row != column:
                factor = rows[row][column]
                rows[row] = [
                    value - factor * other
                    for value, other in zip(rows[row], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]


def photographed(image: Image.Image, seed: int) -> Image.Image:
    """Return the picture as a camera sees it: turned, askew, unevenly lit, with noise, blurred."""
    chance = random.Random(seed)  # noqa: S311 - the same pictures each time
    turned = image.rotate(
        chance.uniform(0, 360), Image.Resampling.BICUBIC, expand=True, fillcolor=230
    )
    side = min(WIDTH, HEIGHT) - 30
    middle = (WIDTH - side) / 2 + chance.uniform(-40, 40)
    corners = [
        (middle + dx * side + chance.uniform(-18, 18), 15 + dy * side + chance.uniform(-12, 12))
        for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    width, height = turned.size
    rows = []
    places = [(0, 0), (width, 0), (width, height), (0, height)]
    for (x, y), (u, v) in zip(corners, places, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    seen = turned.transform(
        (WIDTH, HEIGHT),
        Image.Transform.PERSPECTIVE,
        tuple(solve(rows)),
        Image.Resampling.BICUBIC,
        fillcolor=180,
    )
    shade = Image.linear_gradient("L").resize(seen.size).point(lambda value: 140 + value * 0.45)
    lit = ImageChops.multiply(seen, shade)
    noisy = ImageChops.add(lit, Image.effect_noise(lit.size, 20), 1, -128)
    return noisy.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1)))


def read(app: App, image: Image.Image) -> str:
    """Let the app's own reader read a picture."""
    found = app.page.evaluate(
        """async ([module, grey, width, height]) => {
          const { readPicture } = await import(module);
          const bytes = Uint8Array.from(atob(grey), (letter) => letter.charCodeAt(0));
          const data = new Uint8ClampedArray(bytes.length * 4);
          bytes.forEach((value, i) => data.set([value, value, value, 255], i * 4));
          return readPicture({ data, width, height });
        }""",
        [
            f"/authenticator/app/{app.version}/qr_find.js",
            _base64(image.tobytes()),
            image.width,
            image.height,
        ],
    )
    return str(found)


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()


def test_every_version_and_level_is_read(app):
    app.open()
    wrong = []
    for version in range(1, 21):
        for level in "lmqh":
            text = f"V{version}{level}x"
            code = segno.make_qr(text, version=version, error=level, boost_error=False)
            if read(app, picture(code, scale=4)) != text:
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["0123456789012345", "HTTPS://A.EXAMPLE/$%*+-.:", "Zürich, Genève", LINK]
)
def test_every_mask_and_kind_of_text_is_read(app, text):
    app.open()
    for mask in range(8):
        assert read(app, picture(segno.make_qr(text, mask=mask))) == text


def test_codes_are_read_as_cameras_see_them(app):
    app.open()
    image = picture(segno.make_qr(LINK, error="m"), scale=10)
    seen = [read(app, photographed(image, seed)) for seed in range(30)]
    assert set(seen) <= {LINK, ""}, "read wrongly"
    assert seen.count(LINK) >= 27, f"{seen.count(LINK)} of 30"


def test_dirt_is_corrected_and_too_much_of_it_is_not_guessed_away(app):
    app.open()
    image = picture(segno.make_qr(LINK, error="m"), scale=10)
    middle = image.width // 2
    for size, wanted in ((40, LINK), (150, "")):
        spoiled = image.copy()
        ImageDraw.Draw(spoiled).rectangle((middle, middle, middle + size, middle + size), fill=255)
        assert read(app, spoiled) == wanted


def test_pictures_without_a_code_give_nothing(app):
    app.open()
    assert read(app, Image.new("L", (64, 64), 255)) == ""
    assert read(app, Image.effect_noise((320, 240), 80)) == ""


def film(image: Image.Image, path: Path) -> None:
    """Write the picture as a film of the kind that Chromium takes for a camera."""
    grey = Image.new("L", (WIDTH, HEIGHT), 200)
    grey.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    frame = b"FRAME\n" + grey.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip C420jpeg\n".encode() + frame * 3)


def test_a_camera_without_any_help_of_the_browser_links_the_phone(
    playwright_driver, double, tmp_path
):
    token, _code = double.invite()
    code = segno.make_qr(f"{double.issuer}/authenticator/#link={token}", error="m")
    film(picture(code, scale=7), tmp_path / "camera.y4m")
    browser = playwright_driver.chromium.launch(
        executable_path=browser_program.find(),
        args=[
            *browser_program.ARGUMENTS,
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'camera.y4m'}",
        ],
    )
    try:
        context = browser.new_context(permissions=["camera"], locale="en-GB")
        context.add_init_script("delete window.BarcodeDetector")
        double.serve(context)
        app = App(context.new_page(), double.issuer)
        app.open("#/add")
        app.press("Continue")

        app.heading("Link this phone to Lea Amsler at Alpenhost?")
        app.press("Link this phone")
        app.heading("Your backup codes")
        assert len(double.phones) == 1
    finally:
        browser.close()
