import { onMounted, onWillUnmount, useEnv } from "@odoo/owl";

/** The station (`StationModel`) of the screen this component is on. */
export function useStation() {
    return useEnv().station;
}

function usePlaceIn(list, item) {
    onMounted(() => list.push(item));
    onWillUnmount(() => list.splice(list.indexOf(item), 1));
}

/**
 * Scans go to `handler` while this component is shown, one after the other.
 *
 * @param {(scan: {barcode: string, source: "wedge"|"camera"|"typed"}) => any} handler
 */
export function useStationScan(handler) {
    const { hub } = useStation();
    let stop;
    onMounted(() => {
        stop = hub.listen(handler);
    });
    onWillUnmount(() => stop?.());
}

/** `handler` decides what Back does; it returns true when it went back a step itself. */
export function useStationBack(handler) {
    usePlaceIn(useStation().backHandlers, handler);
}

/** `handler({entry, result, error})` gets the answers that came after a lost connection. */
export function useStationLate(handler) {
    usePlaceIn(useStation().lateHandlers, handler);
}
