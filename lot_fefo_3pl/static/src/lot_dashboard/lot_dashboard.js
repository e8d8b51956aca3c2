import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const NARROW = 576;
const GOAL_COLOR = "#15803d";

/** One chart; a click opens the records behind the bar. */
export class LotChart extends Component {
    static template = "lot_fefo_3pl.LotChart";
    static props = { chart: Object, open: Function };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                // Global of the bundle that the overview has loaded.
                const chart = new window.Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.chart, this.canvas.el]
        );
    }

    get isEmpty() {
        return !this.props.chart.labels.length;
    }

    get description() {
        const { labels, datasets, unit } = this.props.chart;
        return labels
            .map((label, bar) => {
                const parts = datasets.map(
                    (set) => `${set.label} ${this.number(set.data[bar])}${unit}`
                );
                return `${label}: ${parts.join(", ")}`;
            })
            .join("; ");
    }

    number(value) {
        return Math.floor(value * 100 + 1e-6) / 100;
    }

    /** Draws the line that the bars should reach. */
    get goalLine() {
        const { goal } = this.props.chart;
        return {
            id: "goal",
            afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
                if (!goal) {
                    return;
                }
                const y = scales.y.getPixelForValue(goal);
                ctx.save();
                ctx.strokeStyle = GOAL_COLOR;
                ctx.lineWidth = 2;
                ctx.setLineDash([6, 4]);
                ctx.beginPath();
                ctx.moveTo(chartArea.left, y);
                ctx.lineTo(chartArea.right, y);
                ctx.stroke();
                ctx.restore();
            },
        };
    }

    get config() {
        const { type, stacked, labels, datasets, unit } = this.props.chart;
        const isRate = unit === "%";
        const least = Math.min(...datasets.flatMap((set) => set.data));
        return {
            type,
            plugins: [this.goalLine],
            data: {
                labels,
                datasets: datasets.map((set) => ({
                    label: set.label,
                    data: set.data,
                    backgroundColor: set.color,
                    maxBarThickness: 48,
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                onClick: (ev, bars) => {
                    if (bars.length) {
                        this.props.open(this.props.chart, bars[0].index, bars[0].datasetIndex);
                    }
                },
                onHover: (ev, bars) => {
                    ev.native.target.style.cursor = bars.length ? "pointer" : "default";
                },
                plugins: {
                    legend: { display: datasets.length > 1, position: "bottom" },
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${this.number(item.parsed.y)}${unit && ` ${unit}`}`,
                        },
                    },
                },
                scales: {
                    x: {
                        stacked,
                        grid: { display: false },
                        ticks: { callback: (value, bar) => this.tick(labels[bar]) },
                    },
                    y: {
                        stacked,
                        beginAtZero: !isRate,
                        // The lowest bar stays visible.
                        min: isRate
                            ? Math.max(0, Math.min(90, 5 * Math.floor(least / 5) - 5))
                            : undefined,
                        max: isRate ? 100 : undefined,
                        ticks: {
                            callback: (value) => `${this.number(value)}${unit && ` ${unit}`}`,
                            precision: datasets.every((set) => set.data.every(Number.isInteger))
                                ? 0
                                : undefined,
                        },
                    },
                },
            },
        };
    }

    tick(label) {
        const most = browser.innerWidth < NARROW ? 10 : 18;
        return label.length > most ? `${label.slice(0, most - 1)}…` : label;
    }
}

/** The figures of lot control on one page; each opens the records that it is made of. */
export class LotDashboard extends Component {
    static components = { Layout, LotChart };
    static template = "lot_fefo_3pl.LotDashboard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ data: null, days: 30, warehouse: false, brand: false });
        this.request = 0;
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    async load() {
        const request = ++this.request;
        const data = await this.orm.call("stock.lot.dashboard", "get_overview", [], {
            days: this.state.days,
            warehouse_id: this.state.warehouse,
            owner_id: this.state.brand,
        });
        // A late answer must not replace a newer one.
        if (request === this.request) {
            this.state.data = data;
        }
    }

    get charts() {
        const charts = this.state.data.figures.flatMap((figure) => figure.charts);
        // Those that have something to show first.
        return [
            ...charts.filter((chart) => chart.labels.length),
            ...charts.filter((chart) => !chart.labels.length),
        ];
    }

    periodLabel(days) {
        return days === 365 ? _t("Last year") : _t("Last %s days", days);
    }

    choose(name, value) {
        this.state[name] = Number(value) || false;
        return this.load();
    }

    openFigure(figure) {
        return this.action.doAction(figure.action);
    }

    /** The records of a bar; without one, all that the chart is made of. */
    openChart(chart, bar, dataset) {
        if (bar === undefined) {
            return this.action.doAction(chart.action);
        }
        const domain = Domain.and([
            chart.action.domain,
            chart.label_domains[bar],
            chart.dataset_domains[dataset],
        ]).toList();
        return this.action.doAction({
            ...chart.action,
            name: `${chart.action.name}: ${chart.labels[bar]}`,
            domain,
        });
    }
}

registry.category("actions").add("lot_fefo_3pl.dashboard", LotDashboard);
