import { nearestWord } from '../text.ts'
import { groups, type RuleSet } from './options.ts'

/** What there is that rules may name. */
export interface Named {
  readonly cameras: readonly string[]
  /** IDs and names; null when they are not known. */
  readonly people: readonly { readonly id: string; readonly name: string | null }[] | null
}

/**
 * What is strange about rules and not wrong, because cameras and people may come later: one sentence for each, which names
 * the field.
 */
export const doubtsAbout = (rules: RuleSet, { cameras, people }: Named): readonly string[] =>
  Object.entries(rules).flatMap(([name, { who, cameras: on, notOn }]) => {
    const strange = Object.entries({ cameras: on ?? [], notOn: notOn ?? [] }).flatMap(([key, names]) =>
      names
        .filter((camera) => !cameras.includes(camera))
        .map((camera) => {
          const near = nearestWord(camera, cameras)
          return `rules.${name}.${key}: there is no camera ${camera}${near === null ? '' : `; did you mean ${near}?`}`
        }),
    )
    const isGroup = groups.some((group) => group === who)
    const isThere = people?.some((one) => one.id === who || one.name?.toLowerCase() === who.toLowerCase()) !== false
    return isGroup || isThere ? strange : [...strange, `rules.${name}.who: nobody is called ${who}, or has that ID`]
  })
