import type { CameraId } from '../../../../src/types.ts'

/** What somebody chose on this machine about the page Live. */
export interface Preferences {
  /** In the order in which they were pinned. */
  readonly pinned: readonly CameraId[]
  /** The list of people and the feed are shown. */
  readonly side: boolean
  /** Each tile says how exact and how late it is. */
  readonly readout: boolean
}

const key = 'rollcall.live'
const defaults: Preferences = { pinned: [], side: true, readout: false }

/** Reads what was kept; the defaults where it is missing or damaged. */
export const readPreferences = (storage: Storage): Preferences => {
  try {
    const kept = JSON.parse(storage.getItem(key) ?? '{}') as Partial<Preferences>
    return {
      pinned: Array.isArray(kept.pinned) ? kept.pinned.filter((each) => typeof each === 'string') : defaults.pinned,
      side: kept.side ?? defaults.side,
      readout: kept.readout ?? defaults.readout,
    }
  } catch {
    return defaults
  }
}

/** Keeps the preferences for the next visit. */
export const keepPreferences = (storage: Storage, preferences: Preferences): void =>
  storage.setItem(key, JSON.stringify(preferences))
