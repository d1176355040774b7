import { RollcallError } from '../../errors.ts'
import type { SpoiltShares } from '../../evaluate/spoilt/draw.ts'

/** What the command line says of spoilt photos. */
export interface SpoiltOptions {
  readonly grey?: string | undefined
  readonly poor?: string | undefined
}

/** The shares of `--grey` and `--poor`; null without both. Throws USAGE. */
export const sharesOf = ({ grey, poor }: SpoiltOptions): SpoiltShares | null => {
  const share = (option: string, text = '0'): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= 0 && value <= 1) return value
    throw new RollcallError('USAGE', `${option}: expected a number from 0 to 1, found ${JSON.stringify(text)}`, {
      remedy: `for example ${option} 0.5`,
    })
  }
  return grey === undefined && poor === undefined ? null : { grey: share('--grey', grey), poor: share('--poor', poor) }
}
