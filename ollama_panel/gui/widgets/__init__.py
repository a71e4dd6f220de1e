"""The widgets of the pages: cards, pills, bars, sliders, banners."""
