"""A printed widget is one page of HTML that a browser shows with nothing but the page."""

import re

import pytest
from support.browser import opened
from support.envelope import only_chart
from support.pictures import colours, drawn_share, picture

POINTS = """
library(plotly)
plot_ly(mtcars, x = ~wt, y = ~mpg, color = ~factor(cyl), type = "scatter", mode = "markers") |>
  layout(title = "Größe 日本語", yaxis = list(title = "Miles"))
"""
BARS = """
library(plotly)
ggplotly(ggplot(mpg, aes(class, fill = drv)) + geom_bar() + labs(title = "Classes", x = NULL))
"""

WIDGETS = {
    "markers": (POINTS, r'<path class="point"', 32, "Größe 日本語"),
    "bars of ggplotly": (BARS, r'<g class="point"', 12, "Classes"),
}


@pytest.fixture(scope="module", params=WIDGETS.values(), ids=WIDGETS)
def widget(request, deployed, s3):
    code, mark, marks, title = request.param
    # Not inline: plotly's newer scripts alone are more than that store holds.
    chart = only_chart(deployed.invoke({"code": code, "store": {"prefix": "widgets/"}}))
    assert (chart["name"], chart["mediaType"]) == ("chart-001.html", "text/html")
    assert (chart["width"], chart["height"]) == (None, None)
    page = s3.read(chart["location"])
    return page, opened(page), mark, marks, title


def test_the_browser_tells_of_errors_and_of_what_cannot_be_reached():
    page = b'<p>a</p><script>console.log("told"); undefinedFunction()</script><img src="https://example.com/a.png">'
    console = opened(page).console
    assert "told" in console
    assert any("undefinedFunction is not defined" in line for line in console)


def test_it_draws_its_marks_and_says_nothing(widget):
    _, seen, mark, marks, title = widget
    assert seen.console == []
    assert len(re.findall(mark, seen.dom)) == marks
    assert title in seen.dom


def test_it_is_worth_looking_at(widget):
    image = picture(widget[1].screenshot)
    assert image.size[0] == 1000
    assert drawn_share(image) > 0.01
    assert colours(image) > 20


def test_it_loads_nothing(widget):
    text = widget[0].decode("utf-8")
    tags = re.findall(r"<(?:script|link|img|iframe|source|object|embed|base)\b[^>]*>", without_scripts(text))
    assert [tag for tag in tags if re.search(r"\b(?:src|href|data)\s*=", tag)] == []
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert [address for style in styles for address in re.findall(r"url\(\s*['\"]?(?!data:|#)[^)]*", style)] == []
    assert "@import" not in "".join(styles)
    assert "Content-Security-Policy" in text
    assert "default-src 'none'" in text


def without_scripts(text: str) -> str:
    return re.sub(r"(<script\b[^>]*>).*?</script>", r"\1</script>", text, flags=re.DOTALL | re.IGNORECASE)
