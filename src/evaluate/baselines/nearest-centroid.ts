import { dot, unit } from '../../math/vector.ts'
import type { WholeTrack } from '../tracklets.ts'

/**
 * The simplest way: a track joins the person with the nearest centroid if the cosine is at least `threshold`; otherwise
 * it is a new person. Centroids are means weighted by evidence. Returns an ID for each track.
 */
export const nearestCentroid = (tracks: readonly WholeTrack[], threshold: number): (string | null)[] => {
  const people: { sum: Float64Array; mean: Float32Array }[] = []
  return tracks.map(({ template }) => {
    if (!template) return null
    let [best, similarity] = [-1, threshold]
    for (const [i, { mean }] of people.entries()) {
      const value = dot(mean, template.mean)
      if (value >= similarity) [best, similarity] = [i, value]
    }
    const person = people[best]
    if (!person) {
      people.push({ sum: Float64Array.from(template.sum), mean: template.mean })
      return `${people.length - 1}`
    }
    for (let d = 0; d < person.sum.length; d++) person.sum[d] = (person.sum[d] ?? 0) + (template.sum[d] ?? 0)
    person.mean = unit(person.sum) ?? person.mean
    return `${best}`
  })
}
