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
const read = (storage: Storage): Preferences => {
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

/** The preferences of this machine. */
export interface KeptPreferences {
  readonly now: () => Preferences
  /** Keeps the change for the next visit too. */
  change(changed: Partial<Preferences>): void
  /** Pins the camera behind the others, or takes it off. */
  togglePin(camera: CameraId): void
}

/** Begins with what `storage` has. `onChange` gets each change. */
export const keepPreferences = (storage: Storage, onChange: (preferences: Preferences) => void): KeptPreferences => {
  let now = read(storage)
  const change = (changed: Partial<Preferences>): void => {
    now = { ...now, ...changed }
    storage.setItem(key, JSON.stringify(now))
    onChange(now)
  }
  return {
    now: () => now,
    change,
    togglePin: (camera) => {
      const others = now.pinned.filter((each) => each !== camera)
      change({ pinned: others.length < now.pinned.length ? others : [...others, camera] })
    },
  }
}
