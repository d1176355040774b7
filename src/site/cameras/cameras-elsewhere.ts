import { checkTravels } from '../../config/placed-camera.ts'
import { RollcallError } from '../../errors.ts'
import type { CameraId } from '../../types.ts'
import type { SavedCameras } from './saved-cameras.ts'
import type { CamerasElsewhere, SiteCameras } from './site-cameras.ts'

/** Added and paused cameras of a site whose cameras Kafka places: what is kept here follows what Kafka has. */
export interface PlacedList {
  /** Whether this process has the people of the site, and so says which cameras are wanted. */
  readonly isOwner: () => boolean
  /** Takes over what Kafka has. From then on cameras can be changed here. */
  adopt(saved: SavedCameras): void
  readonly saved: () => SavedCameras
  /** Calls `write` after each change that somebody makes here; it resolves to whether Kafka has it. */
  onChange(write: () => Promise<boolean>): void
  /** Resolves when Kafka has the last change. Rejects with STATE when it has not taken it. */
  readonly kept: () => Promise<void>
}

/** What the list is made of, some of it later. */
export interface PlacedListParts {
  /** `seam.cameraSlots`; null: each vision process opens what its own file says. */
  readonly slots: number | null
  readonly isOwner: () => boolean
  readonly cameras: () => Pick<SiteCameras, 'adopt'>
  readonly saved: () => SavedCameras
}

const refuse = (message: string, remedy: string): never => {
  throw new RollcallError('STATE', message, { remedy })
}

/** The list, and how cameras are changed by it. */
export const createPlacedList = (parts: PlacedListParts): { readonly elsewhere: CamerasElsewhere } & PlacedList => {
  const { slots, isOwner, cameras } = parts
  let isKnown = false
  let write = async (): Promise<boolean> => true
  let last = Promise.resolve(true)
  const check = (): void => {
    if (slots === null)
      refuse(
        'vision processes open the cameras of this site, as their configuration says',
        'Change the configuration, there and here; or let Kafka place cameras (seam.cameraSlots).',
      )
    if (!isOwner())
      refuse('another identity process has the people of this site, and its cameras are changed there', 'Ask that one.')
    if (!isKnown) refuse('which cameras are wanted has not come from Kafka yet', 'Try again in a moment.')
  }
  return {
    elsewhere: {
      check,
      checkKeys: (name: CameraId, keys) => checkTravels(name, keys),
      most: slots ?? 0,
      changed: () => {
        last = write()
      },
    },
    isOwner,
    adopt: (saved) => {
      cameras().adopt(saved)
      isKnown = true
    },
    saved: parts.saved,
    onChange: (given) => {
      write = given
    },
    kept: async () => {
      if (!(await last)) refuse('Kafka has not taken the change', 'It is tried again until it has; the log says why.')
    },
  }
}
