/** Places the nodes and links of a trace: values in, numbers out, no DOM. */

// In letters: what fits into a box at the size of its text.
const WIDE = { width: 210, height: 46, gap: 12, columnGap: 110, name: 27, detail: 31 };
// Two columns of it fit on a handheld.
const NARROW = { width: 146, height: 46, gap: 12, columnGap: 52, name: 18, detail: 22 };
const MARGIN = 12;
const THICKEST = 26;
const THINNEST = 1.5;

export function layoutGraph({ nodes, links }, isNarrow = false) {
    const box = isNarrow ? NARROW : WIDE;
    const columns = new Map();
    for (const node of nodes) {
        if (!columns.has(node.column)) {
            columns.set(node.column, []);
        }
        columns.get(node.column).push(node);
    }
    // Columns that hold nothing take no room.
    const used = [...columns.keys()].sort((one, other) => one - other);
    const rows = Math.max(1, ...used.map((column) => columns.get(column).length));
    const height = 2 * MARGIN + rows * (box.height + box.gap) - box.gap;
    const placed = new Map();
    used.forEach((column, index) => {
        const members = columns.get(column);
        const needed = members.length * (box.height + box.gap) - box.gap;
        // On a handheld all columns begin in view.
        const top = isNarrow ? MARGIN : (height - needed) / 2;
        members.forEach((node, row) => {
            placed.set(node.key, {
                ...node,
                x: MARGIN + index * (box.width + box.columnGap),
                y: top + row * (box.height + box.gap),
            });
        });
    });
    const width = 2 * MARGIN + used.length * (box.width + box.columnGap) - box.columnGap;
    const largest = Math.max(1, ...links.map((link) => Math.abs(link.quantity)));
    return {
        width,
        height,
        node: box,
        nodes: [...placed.values()],
        links: links.map((link) => placeLink(link, placed, largest, box)),
    };
}

function placeLink(link, placed, largest, box) {
    const source = placed.get(link.source);
    const target = placed.get(link.target);
    const [x1, y1] = [source.x + box.width, source.y + box.height / 2];
    const [x2, y2] = [target.x, target.y + box.height / 2];
    const middle = (x1 + x2) / 2;
    return {
        ...link,
        kind: target.kind,
        path: `M ${x1} ${y1} C ${middle} ${y1}, ${middle} ${y2}, ${x2} ${y2}`,
        thickness: Math.max(THINNEST, (THICKEST * Math.abs(link.quantity)) / largest),
        // The figure stands at the far end of what it is about, where links are apart.
        labelX: target.kind === "lot" ? x1 + 6 : x2 - 6,
        labelY: (target.kind === "lot" ? y1 : y2) - 5,
        anchor: target.kind === "lot" ? "start" : "end",
    };
}
