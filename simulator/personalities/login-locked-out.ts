import type { Personality } from '../personality.ts'

/** After too many tries nobody gets in, with the right password neither. */
export const personality: Personality = {
  kind: 'login',
  does: 'has locked the user',
  seen: 'Hikvision',
  expect: { says: /does not let this user watch/, remedy: /right to watch.*blocked/ },
  quirks: {
    auth: { user: 'ada', password: 'secret', scheme: 'digest' },
    answer: (proper, { method }) => (method === 'DESCRIBE' && proper.status === 200 ? { status: 403 } : proper),
  },
}
