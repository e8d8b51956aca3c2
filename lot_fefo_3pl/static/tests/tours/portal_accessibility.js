/** Checks of a portal page that a stylesheet or a template can break; each throws what is wrong. */

const TEXT_CONTRAST = 4.5;
const LARGE_TEXT_CONTRAST = 3;

function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

function channels(colour) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
}

function luminance({ red, green, blue }) {
    const [r, g, b] = [red, green, blue].map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function blend(front, back) {
    const mix = (name) => front[name] * front.alpha + back[name] * (1 - front.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
}

function background(element) {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
        layers.unshift(channels(getComputedStyle(node).backgroundColor));
    }
    return layers.reduce((back, front) => blend(front, back), {
        red: 255,
        green: 255,
        blue: 255,
        alpha: 1,
    });
}

function contrast(element) {
    const back = background(element);
    const front = blend(channels(getComputedStyle(element).color), back);
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

function ownText(element) {
    return [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim()
    );
}

export function checkContrast(root) {
    for (const element of root.querySelectorAll("*")) {
        if (!ownText(element) || !element.checkVisibility({ checkVisibilityCSS: true })) {
            continue;
        }
        const large = parseFloat(getComputedStyle(element).fontSize) >= 24;
        const ratio = contrast(element);
        check(
            ratio >= (large ? LARGE_TEXT_CONTRAST : TEXT_CONTRAST),
            `contrast ${ratio.toFixed(2)} of "${element.textContent.trim().slice(0, 40)}"`
        );
    }
}

export function checkLabels(root) {
    for (const field of root.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        check(field.labels.length, `field ${field.name} has no label`);
    }
    for (const control of root.querySelectorAll("a, button")) {
        const name = control.textContent.trim() || control.getAttribute("aria-label");
        check(name || control.querySelector("[aria-label]"), `unnamed: ${control.outerHTML}`);
    }
    for (const table of root.querySelectorAll("table")) {
        // The letter of a recall is a mail, whose table stands under its own sentence.
        const named = table.querySelector("caption") || table.closest(".o_lot_letter");
        check(named, "a table has no caption");
    }
    check(root.querySelectorAll("h1").length === 1, "the page needs one main heading");
}

export function checkKeyboard(root) {
    for (const control of root.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([role=dialog])"
    )) {
        if (!control.checkVisibility({ checkVisibilityCSS: true })) {
            continue;
        }
        check(control.tabIndex >= 0, `not reached by Tab: ${control.outerHTML}`);
        control.focus({ focusVisible: true });
        check(document.activeElement === control, `cannot be focused: ${control.outerHTML}`);
        const style = getComputedStyle(control);
        check(
            style.outlineStyle !== "none" || style.boxShadow !== "none",
            `focus cannot be seen: ${control.outerHTML}`
        );
    }
}

export function checkPage() {
    const root = document.querySelector(".o_lot_portal");
    checkLabels(root);
    checkContrast(root);
    checkKeyboard(root);
    const overflow = document.documentElement.scrollWidth - window.innerWidth;
    check(overflow <= 0, `the page is ${overflow} px wider than the screen`);
}
