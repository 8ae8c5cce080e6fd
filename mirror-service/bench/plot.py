"""A bar chart of ratios, as SVG."""

import html

WIDTH, ROW, LEFT, UNIT = 900, 22, 380, 200
STYLE = "font: 13px sans-serif"


def write(file, results):
    """One bar for each result: green where it is as good as wanted, with a mark at what was wanted."""
    rows = "".join(bar(number, *result) for number, result in enumerate(results))
    height = ROW * (len(results) + 1)
    one = LEFT + UNIT
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" style="{STYLE}">'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{rows}'
        f'<path d="M{one} 0V{height}" stroke="#888" stroke-dasharray="3 3"/></svg>\n'
    )


def bar(number, name, ratio, goal, reached):
    top = ROW * number + ROW // 2
    length = min(ratio * UNIT, WIDTH - LEFT - 50)
    return (
        f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{html.escape(name.replace("`", ""))}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{length:.0f}" height="{ROW - 6}" fill="{"#3a7d44" if reached else "#c0562f"}"/>'
        f'<path d="M{LEFT + goal * UNIT:.0f} {top - 2}v{ROW - 2}" stroke="#222" stroke-width="2"/>'
        f'<text x="{LEFT + length + 6:.0f}" y="{top + 12}">{ratio:.2f}</text>'
    )
