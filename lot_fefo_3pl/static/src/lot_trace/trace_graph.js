/** Places the nodes and links of a trace: values in, numbers out, no DOM. */

const NODE = { width: 210, height: 46, gap: 12 };
const COLUMN_GAP = 110;
const MARGIN = 12;
const THICKEST = 26;
const THINNEST = 1.5;

export function layoutGraph({ nodes, links }) {
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
    const height = 2 * MARGIN + rows * (NODE.height + NODE.gap) - NODE.gap;
    const placed = new Map();
    used.forEach((column, index) => {
        const members = columns.get(column);
        const needed = members.length * (NODE.height + NODE.gap) - NODE.gap;
        members.forEach((node, row) => {
            placed.set(node.key, {
                ...node,
                x: MARGIN + index * (NODE.width + COLUMN_GAP),
                y: (height - needed) / 2 + row * (NODE.height + NODE.gap),
            });
        });
    });
    const width = 2 * MARGIN + used.length * (NODE.width + COLUMN_GAP) - COLUMN_GAP;
    const largest = Math.max(1, ...links.map((link) => Math.abs(link.quantity)));
    return {
        width,
        height,
        node: NODE,
        nodes: [...placed.values()],
        links: links.map((link) => placeLink(link, placed, largest)),
    };
}

function placeLink(link, placed, largest) {
    const source = placed.get(link.source);
    const target = placed.get(link.target);
    const [x1, y1] = [source.x + NODE.width, source.y + NODE.height / 2];
    const [x2, y2] = [target.x, target.y + NODE.height / 2];
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
