import { _t } from "@web/core/l10n/translation";

const OTHER = "\0other";

/** Why: one of the usual reasons or words of one's own; null when the operator went back. */
export async function askReason(station, usual) {
    const reasons = usual.map((reason) => reason.toString());
    const chosen = await station.choose({
        title: _t("Why?"),
        options: [
            ...reasons.map((reason) => ({ value: reason, label: reason })),
            { value: OTHER, label: _t("Another reason") },
        ],
    });
    if (chosen !== OTHER) {
        return chosen;
    }
    const words = await station.askText({
        title: _t("Why?"),
        label: _t("The reason is kept on record"),
        required: true,
    });
    return words?.trim() || null;
}

/** A supervisor's badge, or login and password; null when nobody gave one. */
export async function askSupervisor(station) {
    const choice = await station.choose({
        title: _t("Supervisor"),
        message: _t("Scan the supervisor's badge."),
        scan: true,
        options: [{ value: "password", label: _t("Login and password instead") }],
    });
    if (choice !== "password") {
        return choice && { badge: choice };
    }
    const login = await station.askText({
        title: _t("Supervisor"),
        label: _t("Login"),
        required: true,
    });
    const password =
        login &&
        (await station.askText({
            title: _t("Supervisor"),
            label: _t("Password of %s", login),
            password: true,
            required: true,
        }));
    return password ? { login: login.trim(), password } : null;
}
