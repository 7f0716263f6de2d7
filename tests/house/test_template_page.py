"""The page on templates says what the schema says."""

from tests.house.template_page import PAGE, page


def test_the_page_on_templates_is_what_the_schema_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make format"
