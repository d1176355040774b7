/** The oldest Node that runs Rollcall: older ones lack `await using`. */
const oldest = 24

/** What to tell the user of a Node of this version, as `process.versions.node` gives it; null when it is new enough. */
export const oldNode = (version: string): string | null =>
  Number.parseInt(version, 10) >= oldest
    ? null
    : `this is Node ${version}, and Rollcall runs on Node ${oldest} or newer — start it with bin/rollcall, which brings its own`
