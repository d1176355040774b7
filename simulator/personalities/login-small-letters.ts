import type { Personality } from '../personality.ts'

/** Schemes and names are read without regard to case. */
export const personality: Personality = {
  kind: 'login',
  does: 'writes its challenge in small letters, without spaces or quotes',
  expect: 'picture',
  quirks: {
    auth: { user: 'ada', password: 'secret', scheme: 'digest', realm: 'hall' },
    answer: (proper) => {
      const [, nonce] = /nonce="(\w+)"/.exec(String(proper.headers?.['WWW-Authenticate'])) ?? []
      return nonce ? { ...proper, headers: { 'www-authenticate': `digest realm=hall,nonce=${nonce}` } } : proper
    },
  },
}
