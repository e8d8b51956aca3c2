import { checkContrast, checkKeyboard, checkLabels } from "./portal_accessibility";

const TOUCH_TARGET = 48;

/** A step that looks at the screen as it is: labels, contrast, keyboard, gloves, width. */
export function inspect(what, trigger = ".o_lot_station") {
    return {
        content: `Inspect ${what}`,
        trigger,
        run: () => {
            const root = document.querySelector(".o_lot_station");
            checkLabels(root);
            checkContrast(root);
            checkKeyboard(root);
            checkGloves(root);
            const overflow = document.documentElement.scrollWidth - window.innerWidth;
            if (overflow > 0) {
                throw new Error(`${what} is ${overflow} px wider than the screen`);
            }
            document.activeElement.blur();
        },
    };
}

function checkGloves(root) {
    for (const control of root.querySelectorAll("a[href], button, input")) {
        const { width, height } = control.getBoundingClientRect();
        const isShown = control.checkVisibility({ checkVisibilityCSS: true });
        if (isShown && (width < TOUCH_TARGET || height < TOUCH_TARGET)) {
            throw new Error(`too small for a glove (${width} x ${height}): ${control.outerHTML}`);
        }
    }
}
