"""The building blocks of pages: cards, pills, bars, sliders, banners."""
