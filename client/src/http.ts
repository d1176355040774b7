// Made from the server's OpenAPI document by `npm run http-types` with openapi-typescript: do not edit here.
// SHA-256 of the document: 4b780f9f1836c2406f1a8d2f417ae6ca737b649b08344fac22b9665a26e9c6a0

export interface paths {
  readonly '/api/openapi.json': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** This document */
    readonly get: operations['getOpenapiJson']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/cameras': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Each camera, its state and how it does */
    readonly get: operations['getCameras']
    readonly put?: never
    /** Adds a camera */
    readonly post: operations['postCameras']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/cameras/test': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Opens a camera for seconds: a picture, what it sends and what to change; one at a time */
    readonly post: operations['postCamerasTest']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/cameras/{camera}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    readonly post?: never
    /** Removes a camera that was added; its people stay */
    readonly delete: operations['deleteCamerasByCamera']
    readonly options?: never
    readonly head?: never
    /** Changes a camera that was added */
    readonly patch: operations['patchCamerasByCamera']
    readonly trace?: never
  }
  readonly '/api/cameras/{camera}/pause': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Pauses a camera, also over restarts */
    readonly post: operations['postCamerasByCameraPause']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/cameras/{camera}/resume': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Goes on with a camera that is paused */
    readonly post: operations['postCamerasByCameraResume']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/system': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Version, processes, memory, sinks and clients */
    readonly get: operations['getSystem']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/system/history': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The last 15 minutes, in steps of 5 s; kept in memory */
    readonly get: operations['getSystemHistory']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/system/log': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The last 100 warnings and errors, newest first */
    readonly get: operations['getSystemLog']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/events': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The events of this run that are in memory, then those about people and tracks in the state; newest first */
    readonly get: operations['getEvents']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/healthz': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The process is alive */
    readonly get: operations['getHealthz']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/readyz': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Whether the site does its work, and why not */
    readonly get: operations['getReadyz']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/readiness': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Whether the site does its work, and why not, in words */
    readonly get: operations['getReadiness']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/metrics': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Metrics, as Prometheus text */
    readonly get: operations['getMetrics']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The people known */
    readonly get: operations['getPeople']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/score': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The IDs compared with the truth; null where the truth is not known */
    readonly get: operations['getScore']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/ws-ticket': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** A ticket that opens one WebSocket within 30 seconds */
    readonly post: operations['postWsTicket']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/ws': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Events and pictures by WebSocket: docs/websocket.md */
    readonly get: operations['getWs']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/session': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Who asks, and the sessions of the same token */
    readonly get: operations['getSession']
    readonly put?: never
    /** Signs a browser in, with a token or the code of a link: the answer sets a cookie */
    readonly post: operations['postSession']
    /** Signs this browser out */
    readonly delete: operations['deleteSession']
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/session/{id}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    readonly post?: never
    /** Ends another session of the same token */
    readonly delete: operations['deleteSessionById']
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/session/link': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** A link that signs another device in, once, within five minutes */
    readonly post: operations['postSessionLink']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/compare': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Two people side by side: how alike they are, and what a merge would do */
    readonly post: operations['postPeopleCompare']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/sightings/{id}/move': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Gives a sighting to another person; null makes a new person of it */
    readonly post: operations['postSightingsByIdMove']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/actions': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** What people did with people, the newest first */
    readonly get: operations['getActions']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/actions/{id}/undo': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Takes an action back; refused, with the reason, when later changes do not allow it */
    readonly post: operations['postActionsByIdUndo']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/review': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** What to ask people: likely duplicates, doubtful joins, unnamed frequent visitors */
    readonly get: operations['getReview']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/review/{id}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Answers a question of the review */
    readonly post: operations['postReviewById']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/calibration': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** How alike different people are here, and what was learned from it */
    readonly get: operations['getCalibration']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/export': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Everybody with their embeddings: biometric data */
    readonly get: operations['getPeopleExport']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/import': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Adds exported people, all or nobody */
    readonly post: operations['postPeopleImport']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/merge': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Merges two IDs into one person; needs force when they are unlike or known to be two people */
    readonly post: operations['postPeopleMerge']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/separate': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Marks two IDs as certainly two people */
    readonly post: operations['postPeopleSeparate']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** One person; an alias is followed */
    readonly get: operations['getPeopleById']
    readonly put?: never
    readonly post?: never
    /** Deletes a person with every trace */
    readonly delete: operations['deletePeopleById']
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}/name': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Names a person; null removes the name */
    readonly post: operations['postPeopleByIdName']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}/unmerge': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Undoes a wrong merge: the old ID is a separate person again */
    readonly post: operations['postPeopleByIdUnmerge']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}/split': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Splits one ID into two people */
    readonly post: operations['postPeopleByIdSplit']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/enroll': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Enrolls a named person from photos or embeddings, or adds them to the one with that name. A form with the field name and up to 20 photos as files (32 MiB each, 64 MiB in all), one photo as the body with ?name=, or JSON with embeddings */
    readonly post: operations['postPeopleEnroll']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/cameras/{camera}/capture': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** The last seconds of a camera as MP4, and the events of that time */
    readonly post: operations['postCamerasByCameraCapture']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/sightings': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Who was where and when; sightings that became known last come first */
    readonly get: operations['getSightings']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}/photos': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The kept pictures of a person */
    readonly get: operations['getPeopleByIdPhotos']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/sightings/{id}/photos': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The kept pictures of a sighting; slashes in its ID are sent as %2F */
    readonly get: operations['getSightingsByIdPhotos']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/photos': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The best picture of each of these people, as far as there is one */
    readonly get: operations['getPhotos']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/photos/{id}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** A kept picture of a person, as JPEG */
    readonly get: operations['getPhotosById']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/search': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Who is in a photo, how sure that is, and when and where they were seen. The photo is kept nowhere */
    readonly post: operations['postPeopleSearch']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/objections': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Who is never to be recognised: when and how they objected */
    readonly get: operations['getObjections']
    readonly put?: never
    /** Deletes a person, or whoever photos or embeddings show, and never recognises them again. JSON, a form with up to 20 photos as files (32 MiB each, 64 MiB in all) and the field note, or one photo as the body with ?note=. Photos are kept nowhere */
    readonly post: operations['postObjections']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/objections/{id}/revoke': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Takes an objection back, with the code that the objector was given */
    readonly post: operations['postObjectionsByIdRevoke']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/rules': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** All rules: of the configuration, and given over HTTP */
    readonly get: operations['getRules']
    readonly put?: never
    /** Gives a rule: its name, and the keys of a rule of the configuration */
    readonly post: operations['postRules']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/rules/test': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** What rules would have fired in the past; nothing is sent. Without rules: those that hold */
    readonly post: operations['postRulesTest']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/rules/{name}': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    /** Gives a rule, or another one in the place of a given one */
    readonly put: operations['putRulesByName']
    readonly post?: never
    /** Takes a given rule away */
    readonly delete: operations['deleteRulesByName']
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/what-if': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Whose ID would change with other settings: replays the tracks that are kept. Changes nothing without `apply` */
    readonly post: operations['postWhatIf']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/backup': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Copies the people into the state directory, for rollcall backup, which takes the copy from there */
    readonly post: operations['postBackup']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/webhooks': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** The webhooks and how they do */
    readonly get: operations['getWebhooks']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/webhooks/{name}/test': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly get?: never
    readonly put?: never
    /** Posts one signed test event of the type rollcall.webhook.tested.v1 to a webhook, at once */
    readonly post: operations['postWebhooksByNameTest']
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
  readonly '/api/people/{id}/decisions': {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** Why this is this person, in plain words */
    readonly get: operations['getPeopleByIdDecisions']
    readonly put?: never
    readonly post?: never
    readonly delete?: never
    readonly options?: never
    readonly head?: never
    readonly patch?: never
    readonly trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    readonly Problem: {
      readonly error: {
        readonly code: string
        readonly message: string
        /** @description What to do about it */
        readonly remedy?: string
        /** @description The facts of the message, for programs */
        readonly details?: {
          readonly [key: string]: unknown
        }
        /** @description As in the header X-Request-Id, and in the log */
        readonly requestId: string
      }
    }
    readonly CameraFigures: {
      /** @description Pictures that arrive in a second */
      readonly receivedFps: number
      /** @description Pictures that are analysed in a second */
      readonly analysedFps: number
      /** @description Nobody is there, so few pictures are analysed */
      readonly resting: boolean
      /** @description Nothing moves either, or the machine was late, so only key frames are decoded */
      readonly asleep: boolean
      /** @description Everybody there is known and keeps still, so fewer pictures are analysed */
      readonly steady: boolean
      /** @description Pictures that were not analysed in this run, by the reason */
      readonly drops: {
        readonly [key: string]: number
      }
      readonly losses: number
      readonly reconnects: number
      /** @description From capture to event; null for recordings */
      readonly latencyMs: {
        readonly p50: number
        readonly p95: number
      } | null
      /** @enum {unknown} */
      readonly clock: 'camera' | 'arrival' | 'file' | null
      /** @description What to know about the clock */
      readonly clockNote: string | null
      readonly codec: string | null
      readonly size: {
        readonly width: number
        readonly height: number
      } | null
      readonly keyFrameEveryMs: number | null
      /** @description Unix milliseconds */
      readonly lastFrameAtMs: number | null
      readonly lastError: {
        readonly code: string
        readonly message: string
        readonly remedy: string | null
        readonly atMs: number
      } | null
    }
    readonly Camera: {
      readonly camera: string
      /** @enum {unknown} */
      readonly state: 'opening' | 'online' | 'overloaded' | 'frozen' | 'offline' | 'ended'
      /** @description Unix milliseconds */
      readonly atMs: number
      readonly reason: string
      readonly code?: string
      readonly retryInMs?: number
      readonly stream?: string
      /**
       * @description file: the configuration names it, and only there it is changed
       * @enum {unknown}
       */
      readonly source: 'file' | 'state'
      readonly paused: boolean
      /** @description Secrets in it are *** */
      readonly url: string
      readonly detailUrl: string | null
      /** @description Whether it has a login, which is never shown */
      readonly login: boolean
      /** @description Other keys that differ from their defaults */
      readonly settings: {
        readonly [key: string]: unknown
      }
      readonly figures: components['schemas']['CameraFigures']
    }
    readonly CameraList: {
      readonly cameras: readonly components['schemas']['Camera'][]
      /** @description The name of the configuration file; null without one */
      readonly file: string | null
      /** @description Whether cameras that are added are there after a restart */
      readonly kept: boolean
      /** @description What is wrong with cameras that were added */
      readonly problems: readonly string[]
    }
    readonly CameraTest: {
      readonly ok: boolean
      readonly failure: {
        readonly code: string
        readonly message: string
        readonly remedy: string | null
      } | null
      /**
       * Format: byte
       * @description A JPEG of at most 640 pixels on a side
       */
      readonly picture: string | null
      readonly size: {
        readonly width: number
        readonly height: number
      } | null
      readonly facts: readonly {
        readonly what: string
        readonly says: string
      }[]
      readonly advice: readonly {
        readonly quirk: string
        readonly change: string
      }[]
    }
    readonly Readiness: {
      readonly ready: boolean
      readonly reasons: readonly string[]
      readonly warnings: readonly string[]
    }
    readonly Person: {
      readonly id: string
      readonly name: string | null
      readonly archived: boolean
      /** @description Unix milliseconds */
      readonly createdAtMs: number
      /** @description Unix milliseconds */
      readonly lastSeenAtMs: number
      readonly lastCamera: string
      readonly tracks: number
      readonly faces: number
    }
    readonly ComparedPerson: {
      readonly id: string
      readonly name: string | null
      readonly archived: boolean
      /** @description Unix milliseconds */
      readonly createdAtMs: number
      /** @description Unix milliseconds */
      readonly lastSeenAtMs: number
      readonly lastCamera: string
      readonly tracks: number
      readonly faces: number
      /** @description Sightings that are kept */
      readonly visits: number
      /** @description Earlier IDs that stand for this person */
      readonly aliases: readonly string[]
    }
    readonly Comparison: {
      readonly a: components['schemas']['ComparedPerson']
      readonly b: components['schemas']['ComparedPerson']
      /** @description Cosine of their means; null when one has no look */
      readonly similarity: number | null
      /** @description Null as above */
      readonly score: number | null
      /** @description Of their two most alike looks */
      readonly looks: {
        /** @description Cosine of the two */
        readonly similarity: number
        /** @description The cosine corrected for the noise of the two */
        readonly score: number
      } | null
      /** @description The score from which on they may be merged without force */
      readonly threshold: number
      /** @description Frames that show both; null: somebody said that they are two */
      readonly together: number | null
      /** @description What speaks against one person, in words; then a merge needs force */
      readonly against: string | null
      readonly merge: {
        /** @description False while the two have different names */
        readonly possible: boolean
        readonly needsForce: boolean
        /** @description Who keeps the ID */
        readonly into: string
        /** @description Whose ID becomes another name for the first */
        readonly from: string
        readonly name: string | null
        readonly visits: number
        readonly tracks: number
        readonly faces: number
        /** @description All IDs that stand for the person then */
        readonly aliases: readonly string[]
      }
    }
    readonly Action: {
      readonly id: number
      /** @description Unix milliseconds */
      readonly atMs: number
      /** @description Who did it: the name of the token or session */
      readonly by: string
      /** @enum {unknown} */
      readonly kind:
        | 'name'
        | 'merge'
        | 'unmerge'
        | 'split'
        | 'move'
        | 'separate'
        | 'delete'
        | 'enroll'
        | 'import'
        | 'answer'
        | 'what-if'
        | 'object'
        | 'revoke'
      /** @description Whom it was about, by the IDs of that time */
      readonly people: readonly string[]
      readonly sighting: string | null
      /** @description The name that was given */
      readonly name: string | null
      /** @description The name until then */
      readonly before: string | null
      /** @description The question of the review that it answers */
      readonly question: string | null
      /** @description The same in words */
      readonly text: string
      /** @description False when it was undone, or is of a kind that cannot be */
      readonly undoable: boolean
      readonly undone: {
        /** @description Unix milliseconds */
        readonly atMs: number
        readonly by: string
      } | null
    }
    readonly Question: {
      readonly id: string
      /** @enum {unknown} */
      readonly kind: 'duplicate' | 'join' | 'unnamed'
      /** @description The question in words */
      readonly text: string
      /** @description Why it is asked, with the figures */
      readonly why: string
      readonly answers: readonly ('same' | 'different' | 'other' | 'name' | 'dismiss')[]
      /** @description Visits that one answer is about */
      readonly settles: number
      /** @description Whom it is about; of a join the person, then who was next */
      readonly people: readonly components['schemas']['ComparedPerson'][]
      /** @description Cosine of the two */
      readonly similarity: number | null
      /** @description The cosine corrected for the noise of the two */
      readonly score: number | null
      readonly threshold: number | null
      /** @description Of a join: the sighting in question */
      readonly sighting: string | null
      readonly camera: string | null
      /** @description Unix milliseconds */
      readonly atMs: number | null
    }
    readonly Calibration: {
      /** @description Median cosine of two people where the model was calibrated; null without a calibration */
      readonly expected: number | null
      /** @description Null while nobody was seen with anybody */
      readonly measured: {
        /** @description People who are clearly not each other */
        readonly people: number
        /** @description Pairs of them who were seen together */
        readonly pairs: number
        /** @description Of the cosines of the pairs */
        readonly median: number
        /** @description Standard deviation of the cosines */
        readonly spread: number
        /** @description Standard error of the median */
        readonly error: number
      } | null
      /** @description What is added to scores now */
      readonly correction: number
      /** @description False without a calibration, or when identity.learns is false */
      readonly learns: boolean
    }
    readonly Changes: {
      /** @description Events as in docs/events.md */
      readonly events: readonly {
        readonly [key: string]: unknown
      }[]
      /** @description Undoes it: POST /api/actions/ID/undo; null when nothing has changed */
      readonly action: number | null
    }
    readonly PersonDetails: {
      readonly id: string
      readonly name: string | null
      readonly archived: boolean
      /** @description Unix milliseconds */
      readonly createdAtMs: number
      /** @description Unix milliseconds */
      readonly lastSeenAtMs: number
      readonly lastCamera: string
      readonly tracks: number
      readonly faces: number
      /** @description Earlier IDs that stand for this person */
      readonly aliases: readonly string[]
      /** @description People that this one certainly is not */
      readonly apart: readonly string[]
      /** @description How many mean embeddings represent the person */
      readonly exemplars: number
      /** @description Smallest cosine between two of these */
      readonly spread: number | null
      /** @description The most similar others, best first */
      readonly alike: readonly {
        readonly person: string
        /** @description Cosine of the two */
        readonly similarity: number
        /** @description The cosine corrected for the noise of the two means; may exceed 1 */
        readonly score: number
        /** @description Of being one person, by the score alone */
        readonly probability: number
        /** @description The score from which on the two are merged */
        readonly threshold: number
      }[]
      /** @description What happened to the person, oldest first; only the last events of a long history */
      readonly history: readonly {
        readonly [key: string]: unknown
      }[]
    }
    readonly ChangedPerson: {
      readonly person: components['schemas']['PersonDetails']
      /** @description Events as in docs/events.md */
      readonly events: readonly {
        readonly [key: string]: unknown
      }[]
      /** @description Undoes it: POST /api/actions/ID/undo; null when nothing has changed */
      readonly action: number | null
    }
    readonly Box: {
      /** @description Fraction of the picture; may be a little outside of it */
      readonly x: number
      /** @description Fraction of the picture; may be a little outside of it */
      readonly y: number
      /** @description Fraction of the picture; may be a little outside of it */
      readonly width: number
      /** @description Fraction of the picture; may be a little outside of it */
      readonly height: number
    }
    readonly Sighting: {
      /** @description Its ID, which does not change */
      readonly sighting: string
      /** @description Who it is now */
      readonly person: string
      readonly camera: string
      /** @description Unix milliseconds; of recordings since their beginning */
      readonly fromMs: number
      /** @description Unix milliseconds; of recordings since their beginning */
      readonly untilMs: number
      /** @description Analysed frames in which the person was seen */
      readonly frames: number
      readonly tracks: readonly string[]
      /** @description False: the person may still be there */
      readonly ended: boolean
    }
    readonly Objections: {
      readonly objections: readonly {
        /** @description Drawn by chance: it says nothing of who it is */
        readonly id: string
        /** @description Unix milliseconds */
        readonly objectedAtMs: number
        /**
         * @description As a person who was known, or by photos
         * @enum {unknown}
         */
        readonly how: 'person' | 'photo'
        readonly note: string | null
      }[]
    }
    readonly Objected: {
      readonly objection: string
      /** @description Takes it back. It is shown this once and kept as a hash: give it to the objector */
      readonly code: string
      /** @description Events as in docs/events.md */
      readonly events: readonly {
        readonly [key: string]: unknown
      }[]
      /** @description What became of each photo, in their order */
      readonly photos?: readonly {
        readonly file: string
        readonly accepted: boolean
        /** @description Why it was refused, a stable word */
        readonly reason: string | null
        /** @description The same for people, with the measurement and what to do */
        readonly why: string | null
        /**
         * @description How it was turned, degrees clockwise, to stand upright
         * @enum {unknown}
         */
        readonly turn: 0 | 90 | 180 | 270
        /** @description Its faces, the largest first */
        readonly boxes: readonly components['schemas']['Box'][]
      }[]
    }
    readonly Rules: {
      readonly rules: readonly {
        readonly name: string
        /** @enum {unknown} */
        readonly from: 'configuration' | 'http'
        /** @description Whom the rule is about: anybody, named (those with a name), stranger (those without), or one person by name or ID. It defaults to named. */
        readonly who: string
        /**
         * @description arrives: is seen after awayMs without; leaves: is not seen any more for awayMs; stays: is seen for longerThanMs; misses: is seen, but not on notOn within withinMs before or after. It defaults to arrives.
         * @default arrives
         * @enum {string}
         */
        readonly when: 'arrives' | 'leaves' | 'stays' | 'misses'
        /**
         * @description The cameras that count. It defaults to null: all, but for those of notOn.
         * @default null
         */
        readonly cameras: readonly string[] | null
        /**
         * @description With misses: the cameras that were to be passed.
         * @default null
         */
        readonly notOn: readonly string[] | null
        /**
         * @description With misses: how far apart the two may be, milliseconds. It defaults to null: 60000.
         * @default null
         */
        readonly withinMs: number | null
        /**
         * @description With stays: for how long, milliseconds. It has no default.
         * @default null
         */
        readonly longerThanMs: number | null
        /**
         * @description With arrives: only at the visit with this number, 3 for the third. It defaults to null: at each.
         * @default null
         */
        readonly times: number | null
        /**
         * @description Who is not seen for so long is gone, and the next time is another visit. It defaults to 300000.
         * @default 300000
         */
        readonly awayMs: number
        /**
         * @description Only at these hours of the local time, such as 22:00-06:00. It defaults to null: always.
         * @default null
         */
        readonly hours: string | null
        /**
         * @description Only on these days; hours over midnight belong to the day on which they begin. It defaults to null: all.
         * @default null
         */
        readonly days: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[] | null
        /** @default {} */
        readonly evidence: {
          /**
           * @description Analysed frames of the visit in which the person was seen. It defaults to 2.
           * @default 2
           */
          readonly frames: number
          /**
           * @description The best quality of a face in the visit, 0–1. It defaults to 0.
           * @default 0
           */
          readonly quality: number
          /**
           * @description The best score that a face of the visit had with this person; 0.6 is well above what Rollcall needs. It defaults to null: whatever Rollcall needs.
           * @default null
           */
          readonly score: number | null
        }
        /**
         * @description Not more often than this for one person, milliseconds. It defaults to 0: each time.
         * @default 0
         */
        readonly everyMs: number
      }[]
      /** @description What is strange about them and not wrong, such as a camera that is not there */
      readonly doubts: readonly string[]
    }
    readonly TestedRules: {
      /** @description Since when the past was looked at: later than asked for where there was too much */
      readonly fromMs: number
      readonly sightings: number
      readonly firings: readonly {
        readonly rule: string
        /** @enum {unknown} */
        readonly when: 'arrives' | 'leaves' | 'stays' | 'misses'
        readonly person: string
        readonly name: string | null
        readonly camera: string
        /** @description Unix milliseconds */
        readonly atMs: number
        /** @description Unix milliseconds */
        readonly fromMs: number
        readonly frames: number
        readonly visits: number
        readonly reasons: readonly string[]
      }[]
      /** @description Rules whose evidence.quality or evidence.score was not checked: it is not kept */
      readonly unchecked: readonly string[]
    }
    readonly WhatIf: {
      /** @description That were replayed */
      readonly tracks: number
      readonly people: {
        readonly today: number
        readonly other: number
      }
      /** @description Of the replay with today’s settings with what is */
      readonly agreement: number
      readonly settings: {
        readonly today: {
          readonly risk: number
          readonly join: number
          readonly create: number
          readonly leave: number
          readonly merge: number
          readonly split: number
          readonly margin: number
        }
        readonly other: {
          readonly risk: number
          readonly join: number
          readonly create: number
          readonly leave: number
          readonly merge: number
          readonly split: number
          readonly margin: number
        }
      }
      /** @description The most tracks first */
      readonly changes: readonly {
        /** @description Whose the tracks are; null: nobody was told by them */
        readonly from: {
          readonly id: string | null
          readonly name: string | null
        }
        /** @description Whose they would be; null: a new ID (isNew), or nobody would be told by them */
        readonly to: {
          readonly id: string | null
          readonly name: string | null
        }
        readonly isNew: boolean
        /** @description They are all replayed tracks of `from` */
        readonly isAll: boolean
        readonly tracks: readonly string[]
        /** @description The decision on the first of them; null when it follows from a merge or a split */
        readonly why: {
          readonly candidate: {
            readonly person: string
            readonly similarity: number
            readonly score: number
            readonly probability: number
          } | null
          readonly runnerUp: {
            readonly person: string
            readonly similarity: number
            readonly score: number
            readonly probability: number
          } | null
          readonly threshold: number
          readonly reason: string
        } | null
      }[]
      /** @description Null unless `apply` was true */
      readonly applied: {
        /** @description Takes all of it back; null when nothing was done */
        readonly action: number | null
        /** @description For each change why it was left out; null: it was done */
        readonly refused: readonly (string | null)[]
      } | null
    }
    readonly WebhookDelivery: {
      /** @description Unix milliseconds */
      readonly atMs: number
      /** @description Of the event */
      readonly type: string
      /** @enum {unknown} */
      readonly outcome: 'taken' | 'failed' | 'dead' | 'withdrawn'
      /** @description Why it was not taken; empty when it was */
      readonly reason: string
    }
    readonly Webhook: {
      readonly name: string
      /** @description Scheme and host: a path is often a secret */
      readonly origin: string
      readonly types: readonly string[]
      /** @description Of the rules only these; null: all */
      readonly rules: readonly string[] | null
      /** @description Events on disk */
      readonly waiting: number
      /** @description Why it takes nothing now */
      readonly absence: string | null
      /** @description The last fifty attempts of this run, the newest first */
      readonly deliveries: readonly components['schemas']['WebhookDelivery'][]
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  readonly getOpenapiJson: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OpenAPI 3.1 */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': Record<string, never>
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getCameras: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CameraList']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCameras: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** @description What is left out is as cameraDefaults of the configuration says. Values are taken as they are: ${NAME} in one is text */
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @description Of the new camera: letters, digits, "_", "." and "-" */
          readonly name: string
          /** @description Where the pictures come from: rtsp://, rtsps://, http://, https:// (HLS, Motion JPEG, a JPEG snapshot or a video file), v4l2:///dev/video0, file:// or a plain path. A login may stand before the host, percent-encoded: it is kept as user and password. */
          readonly url: string
          /** @description The big stream of the same camera, when url is its small one: rtsp://, rtsps://, http:// or https://. It is received only; faces are embedded from single pictures of it. Both must show the same view. All keys count for both; without the keys user and password, a login in url also counts here on the same host. It defaults to null: faces are embedded from url. */
          readonly detailUrl?: string | null
          /** @description Name to log in to the camera with, as it is. It defaults to null: what the URL says. */
          readonly user?: string | null
          /** @description Its password, as it is, whatever characters it has. It is never shown again. */
          readonly password?: string | null
          /** @description Most frames analysed in a second. It defaults to null: as many as the machine can. */
          readonly maxFps?: number | null
          /** @description Most frames analysed in a second while nobody is there. It defaults to 3: whoever comes is seen a third of a second later at most. Of the others, those are looked at in which something moves. null: as many as ever. */
          readonly restFps?: number | null
          /** @description Longest time without a look while nobody is there and nothing moves: only key frames are decoded then. When something moves, all since the last key frame is. It defaults to 2500: cameras whose key frames are further apart have all pictures decoded. null: all cameras have. */
          readonly maxSleepMs?: number | null
          /** @description Most frames analysed in a second while everybody there is known and keeps still, apart from others, and nothing else moves. It defaults to 8. null: as many as ever. */
          readonly steadyFps?: number | null
          /** @description Longest time without a look at the whole picture, or at all that has changed in it, while each face is where it should be: on a CPU, looks between are at the parts around the faces, and where something has moved. It defaults to 250, and is twenty times as long while nobody is there. null: every look is at the whole picture. */
          readonly wholeLookMs?: number | null
          /** @description Degrees clockwise to turn the picture upright; auto follows what the stream says. It defaults to auto. */
          readonly rotate?: 'auto' | 0 | 90 | 180 | 270
          /**
           * @description How RTSP cameras send; auto tries UDP first, then TCP. It defaults to tcp, which loses nothing.
           * @enum {string}
           */
          readonly transport?: 'tcp' | 'udp' | 'auto'
          /** @description Whether certificates of rtsps:// and https:// cameras are checked. It defaults to true. */
          readonly tlsVerify?: boolean
          /** @description Hosts besides its own to which an rtsp:// or http:// camera may redirect, or which its HLS playlist may name; user and password are never sent there. It defaults to none. */
          readonly redirectHosts?: readonly string[]
          /** @description How long RTSP packets wait for a missing one before it is lost. It defaults to 200. */
          readonly latencyMs?: number
          /** @description Longest wait for a key frame after a loss. After it damaged pictures are shown and followed, and nobody is told by them. It defaults to 2000. */
          readonly maxBlindMs?: number
          /** @description Longest time from opening to the first frame. It defaults to 10000. */
          readonly connectTimeoutMs?: number
          /** @description A camera that sends nothing for this long is frozen and is opened again. One that sends, but of which no picture is decoded or analysed for this long, is overloaded, and is not. It defaults to 5000. */
          readonly stallAfterMs?: number
          /** @description The very same picture for this long is reported as frozen, without a reconnect; 0 switches it off. It defaults to 20000. */
          readonly frozenAfterMs?: number
          /** @description How far the camera's own clock may be from this machine's before it is not used. It defaults to 10000. */
          readonly maxClockErrorMs?: number
          /** @description Recordings: the time of their first frame, Unix milliseconds. It defaults to 0. */
          readonly startsAtMs?: number
          /**
           * @description auto lets a hardware decoder take over that has decoded pictures of this camera just as software does, for less CPU time; software never does. It defaults to auto.
           * @enum {string}
           */
          readonly decoder?: 'auto' | 'software'
          readonly backoff?: {
            /** @description Wait before the first new attempt. It defaults to 1000. */
            readonly firstMs?: number
            /** @description Longest wait between attempts; also the wait after a wrong password, so that the camera does not lock the user out. It defaults to 30000. */
            readonly maxMs?: number
            /** @description How much longer each wait is than the last. It defaults to 2. */
            readonly factor?: number
            /** @description Part of each wait that is random, so that many cameras do not come back in the same moment. It defaults to 0.2: from 20 % less to 20 % more. */
            readonly jitter?: number
            /** @description A camera that was online for this long begins again with the first wait. It defaults to 10000. */
            readonly resetAfterMs?: number
          }
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly camera: components['schemas']['Camera']
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCamerasTest: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    /** @description What is left out is as the camera, or cameraDefaults, says. Values are taken as they are: ${NAME} in one is text */
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @description One that is there, over which the keys are laid; without it url is needed */
          readonly camera?: string
          /** @description Where the pictures come from: rtsp://, rtsps://, http://, https:// (HLS, Motion JPEG, a JPEG snapshot or a video file), v4l2:///dev/video0, file:// or a plain path. A login may stand before the host, percent-encoded: it is kept as user and password. */
          readonly url?: string
          /** @description The big stream of the same camera, when url is its small one: rtsp://, rtsps://, http:// or https://. It is received only; faces are embedded from single pictures of it. Both must show the same view. All keys count for both; without the keys user and password, a login in url also counts here on the same host. It defaults to null: faces are embedded from url. */
          readonly detailUrl?: string | null
          /** @description Name to log in to the camera with, as it is. It defaults to null: what the URL says. */
          readonly user?: string | null
          /** @description Its password, as it is, whatever characters it has. It is never shown again. */
          readonly password?: string | null
          /** @description Most frames analysed in a second. It defaults to null: as many as the machine can. */
          readonly maxFps?: number | null
          /** @description Most frames analysed in a second while nobody is there. It defaults to 3: whoever comes is seen a third of a second later at most. Of the others, those are looked at in which something moves. null: as many as ever. */
          readonly restFps?: number | null
          /** @description Longest time without a look while nobody is there and nothing moves: only key frames are decoded then. When something moves, all since the last key frame is. It defaults to 2500: cameras whose key frames are further apart have all pictures decoded. null: all cameras have. */
          readonly maxSleepMs?: number | null
          /** @description Most frames analysed in a second while everybody there is known and keeps still, apart from others, and nothing else moves. It defaults to 8. null: as many as ever. */
          readonly steadyFps?: number | null
          /** @description Longest time without a look at the whole picture, or at all that has changed in it, while each face is where it should be: on a CPU, looks between are at the parts around the faces, and where something has moved. It defaults to 250, and is twenty times as long while nobody is there. null: every look is at the whole picture. */
          readonly wholeLookMs?: number | null
          /** @description Degrees clockwise to turn the picture upright; auto follows what the stream says. It defaults to auto. */
          readonly rotate?: 'auto' | 0 | 90 | 180 | 270
          /**
           * @description How RTSP cameras send; auto tries UDP first, then TCP. It defaults to tcp, which loses nothing.
           * @enum {string}
           */
          readonly transport?: 'tcp' | 'udp' | 'auto'
          /** @description Whether certificates of rtsps:// and https:// cameras are checked. It defaults to true. */
          readonly tlsVerify?: boolean
          /** @description Hosts besides its own to which an rtsp:// or http:// camera may redirect, or which its HLS playlist may name; user and password are never sent there. It defaults to none. */
          readonly redirectHosts?: readonly string[]
          /** @description How long RTSP packets wait for a missing one before it is lost. It defaults to 200. */
          readonly latencyMs?: number
          /** @description Longest wait for a key frame after a loss. After it damaged pictures are shown and followed, and nobody is told by them. It defaults to 2000. */
          readonly maxBlindMs?: number
          /** @description Longest time from opening to the first frame. It defaults to 10000. */
          readonly connectTimeoutMs?: number
          /** @description A camera that sends nothing for this long is frozen and is opened again. One that sends, but of which no picture is decoded or analysed for this long, is overloaded, and is not. It defaults to 5000. */
          readonly stallAfterMs?: number
          /** @description The very same picture for this long is reported as frozen, without a reconnect; 0 switches it off. It defaults to 20000. */
          readonly frozenAfterMs?: number
          /** @description How far the camera's own clock may be from this machine's before it is not used. It defaults to 10000. */
          readonly maxClockErrorMs?: number
          /** @description Recordings: the time of their first frame, Unix milliseconds. It defaults to 0. */
          readonly startsAtMs?: number
          /**
           * @description auto lets a hardware decoder take over that has decoded pictures of this camera just as software does, for less CPU time; software never does. It defaults to auto.
           * @enum {string}
           */
          readonly decoder?: 'auto' | 'software'
          readonly backoff?: {
            /** @description Wait before the first new attempt. It defaults to 1000. */
            readonly firstMs?: number
            /** @description Longest wait between attempts; also the wait after a wrong password, so that the camera does not lock the user out. It defaults to 30000. */
            readonly maxMs?: number
            /** @description How much longer each wait is than the last. It defaults to 2. */
            readonly factor?: number
            /** @description Part of each wait that is random, so that many cameras do not come back in the same moment. It defaults to 0.2: from 20 % less to 20 % more. */
            readonly jitter?: number
            /** @description A camera that was online for this long begins again with the first wait. It defaults to 10000. */
            readonly resetAfterMs?: number
          }
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['CameraTest']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly deleteCamerasByCamera: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly camera: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly removed: string
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly patchCamerasByCamera: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly camera: string
      }
      readonly cookie?: never
    }
    /** @description What is left out stays as it is, null takes a key out. Values are taken as they are: ${NAME} in one is text */
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @description Where the pictures come from: rtsp://, rtsps://, http://, https:// (HLS, Motion JPEG, a JPEG snapshot or a video file), v4l2:///dev/video0, file:// or a plain path. A login may stand before the host, percent-encoded: it is kept as user and password. */
          readonly url?: string
          /** @description The big stream of the same camera, when url is its small one: rtsp://, rtsps://, http:// or https://. It is received only; faces are embedded from single pictures of it. Both must show the same view. All keys count for both; without the keys user and password, a login in url also counts here on the same host. It defaults to null: faces are embedded from url. */
          readonly detailUrl?: string | null
          /** @description Name to log in to the camera with, as it is. It defaults to null: what the URL says. */
          readonly user?: string | null
          /** @description Its password, as it is, whatever characters it has. It is never shown again. */
          readonly password?: string | null
          /** @description Most frames analysed in a second. It defaults to null: as many as the machine can. */
          readonly maxFps?: number | null
          /** @description Most frames analysed in a second while nobody is there. It defaults to 3: whoever comes is seen a third of a second later at most. Of the others, those are looked at in which something moves. null: as many as ever. */
          readonly restFps?: number | null
          /** @description Longest time without a look while nobody is there and nothing moves: only key frames are decoded then. When something moves, all since the last key frame is. It defaults to 2500: cameras whose key frames are further apart have all pictures decoded. null: all cameras have. */
          readonly maxSleepMs?: number | null
          /** @description Most frames analysed in a second while everybody there is known and keeps still, apart from others, and nothing else moves. It defaults to 8. null: as many as ever. */
          readonly steadyFps?: number | null
          /** @description Longest time without a look at the whole picture, or at all that has changed in it, while each face is where it should be: on a CPU, looks between are at the parts around the faces, and where something has moved. It defaults to 250, and is twenty times as long while nobody is there. null: every look is at the whole picture. */
          readonly wholeLookMs?: number | null
          /** @description Degrees clockwise to turn the picture upright; auto follows what the stream says. It defaults to auto. */
          readonly rotate?: ('auto' | 0 | 90 | 180 | 270) | null
          /** @description How RTSP cameras send; auto tries UDP first, then TCP. It defaults to tcp, which loses nothing. */
          readonly transport?: ('tcp' | 'udp' | 'auto') | null
          /** @description Whether certificates of rtsps:// and https:// cameras are checked. It defaults to true. */
          readonly tlsVerify?: boolean | null
          /** @description Hosts besides its own to which an rtsp:// or http:// camera may redirect, or which its HLS playlist may name; user and password are never sent there. It defaults to none. */
          readonly redirectHosts?: readonly string[] | null
          /** @description How long RTSP packets wait for a missing one before it is lost. It defaults to 200. */
          readonly latencyMs?: number | null
          /** @description Longest wait for a key frame after a loss. After it damaged pictures are shown and followed, and nobody is told by them. It defaults to 2000. */
          readonly maxBlindMs?: number | null
          /** @description Longest time from opening to the first frame. It defaults to 10000. */
          readonly connectTimeoutMs?: number | null
          /** @description A camera that sends nothing for this long is frozen and is opened again. One that sends, but of which no picture is decoded or analysed for this long, is overloaded, and is not. It defaults to 5000. */
          readonly stallAfterMs?: number | null
          /** @description The very same picture for this long is reported as frozen, without a reconnect; 0 switches it off. It defaults to 20000. */
          readonly frozenAfterMs?: number | null
          /** @description How far the camera's own clock may be from this machine's before it is not used. It defaults to 10000. */
          readonly maxClockErrorMs?: number | null
          /** @description Recordings: the time of their first frame, Unix milliseconds. It defaults to 0. */
          readonly startsAtMs?: number | null
          /** @description auto lets a hardware decoder take over that has decoded pictures of this camera just as software does, for less CPU time; software never does. It defaults to auto. */
          readonly decoder?: ('auto' | 'software') | null
          readonly backoff?: {
            /** @description Wait before the first new attempt. It defaults to 1000. */
            readonly firstMs?: number
            /** @description Longest wait between attempts; also the wait after a wrong password, so that the camera does not lock the user out. It defaults to 30000. */
            readonly maxMs?: number
            /** @description How much longer each wait is than the last. It defaults to 2. */
            readonly factor?: number
            /** @description Part of each wait that is random, so that many cameras do not come back in the same moment. It defaults to 0.2: from 20 % less to 20 % more. */
            readonly jitter?: number
            /** @description A camera that was online for this long begins again with the first wait. It defaults to 10000. */
            readonly resetAfterMs?: number
          } | null
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly camera: components['schemas']['Camera']
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCamerasByCameraPause: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly camera: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly camera: components['schemas']['Camera']
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCamerasByCameraResume: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly camera: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly camera: components['schemas']['Camera']
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSystem: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly version: string
            readonly node: string
            /** @description Unix milliseconds */
            readonly startedAtMs: number
            /** @description Unix milliseconds */
            readonly nowMs: number
            readonly cameras: {
              readonly all: number
              readonly online: number
            }
            readonly people: number
            /** @description WebSocket clients */
            readonly clients: number
            readonly processes: readonly {
              readonly name: string
              readonly pid: number
              readonly memoryBytes: number
              readonly cpuS: number
            }[]
            readonly sinks: readonly {
              readonly name: string
              readonly waiting: number
              readonly failure: string | null
            }[]
            readonly spool: {
              readonly events: number
              readonly bytes: number
            } | null
            readonly grafana: string | null
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSystemHistory: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly stepMs: number
            /** @description Unix milliseconds */
            readonly untilMs: number
            readonly series: {
              readonly receivedFps: readonly number[]
              readonly analysedFps: readonly number[]
              readonly latencyMs: readonly (number | null)[]
              readonly drops: readonly number[]
              readonly memoryBytes: readonly number[]
              readonly waitingEvents: readonly number[]
              readonly spoolBytes: readonly number[]
              readonly clients: readonly number[]
            }
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSystemLog: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly entries: readonly {
              /** @description Unix milliseconds */
              readonly atMs: number
              /** @enum {unknown} */
              readonly level: 'warn' | 'error'
              readonly process: string
              readonly camera: string | null
              /** @description One sentence, without secrets */
              readonly text: string
            }[]
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getEvents: {
    readonly parameters: {
      readonly query?: {
        /** @description That name this camera */
        readonly camera?: string
        /** @description That name this person; an alias is followed */
        readonly person?: string
        /** @description Of this type, such as rollcall.sighting.started.v1, or of this topic */
        readonly type?: string
        /** @description `next.epoch` of the previous page */
        readonly epoch?: string
        /** @description `next.before` of the previous page */
        readonly before?: number
        readonly limit?: number
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description Whose numbers seq are: this run’s, as on /ws; or "kept": then seq is sequence of the event */
            readonly epoch: string
            readonly events: readonly {
              readonly seq: number
              readonly event: {
                readonly [key: string]: unknown
              }
            }[]
            /** @description epoch and before of the next page; null when nothing older is kept */
            readonly next: {
              readonly epoch: string
              readonly before: number
            } | null
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getHealthz: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly status: string
          }
        }
      }
    }
  }
  readonly getReadyz: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Readiness']
        }
      }
      /** @description Not ready */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Readiness']
        }
      }
    }
  }
  readonly getReadiness: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Readiness']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getMetrics: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description Exposition format 0.0.4 */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'text/plain': string
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPeople: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly people: readonly components['schemas']['Person'][]
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getScore: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly score: {
              readonly people: number
              readonly found: number
              readonly ids: number
              readonly idsPerPerson: number
              readonly switches: number
              readonly faces: number
            } | null
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postWsTicket: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly ticket: string
            /** @description The second subprotocol to offer, next to rollcall.v1 */
            readonly subprotocol: string
            readonly expiresInMs: number
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getWs: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description Protocol rollcall.v1 */
      readonly 101: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Only an upgrade to WebSocket is possible here */
      readonly 426: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not possible right now */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSession: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description False where everybody is let in; then there are no sessions */
            readonly required: boolean
            /** @description Of the token */
            readonly name: string
            readonly scopes: readonly ('read' | 'operate' | 'biometric')[]
            readonly sessions: readonly {
              readonly id: string
              readonly device: string
              /** @description Unix milliseconds */
              readonly createdAtMs: number
              /** @description Unix milliseconds */
              readonly lastUsedAtMs: number
              readonly current: boolean
            }[]
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postSession: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json':
          | {
              readonly token: string
            }
          | {
              readonly code: string
            }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description False where everybody is let in; then there are no sessions */
            readonly required: boolean
            /** @description Of the token */
            readonly name: string
            readonly scopes: readonly ('read' | 'operate' | 'biometric')[]
            readonly sessions: readonly {
              readonly id: string
              readonly device: string
              /** @description Unix milliseconds */
              readonly createdAtMs: number
              /** @description Unix milliseconds */
              readonly lastUsedAtMs: number
              readonly current: boolean
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly deleteSession: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description Ended */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly deleteSessionById: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description Ended */
      readonly 204: {
        headers: {
          readonly [name: string]: unknown
        }
        content?: never
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postSessionLink: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description For POST /api/session; good once */
            readonly code: string
            /** @description Pages that sign in by themselves; the code is in the fragment, which no server sees */
            readonly urls: readonly string[]
            readonly expiresInMs: number
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleCompare: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly a: string
          readonly b: string
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Comparison']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postSightingsByIdMove: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly to: string | null
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description Events as in docs/events.md */
            readonly events: readonly {
              readonly [key: string]: unknown
            }[]
            /** @description Undoes it: POST /api/actions/ID/undo; null when nothing has changed */
            readonly action: number | null
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getActions: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number
        /** @description `next` of the previous page */
        readonly before?: number
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly actions: readonly components['schemas']['Action'][]
            readonly next: number | null
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postActionsByIdUndo: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly action: components['schemas']['Action']
            /** @description Events as in docs/events.md */
            readonly events: readonly {
              readonly [key: string]: unknown
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getReview: {
    readonly parameters: {
      readonly query?: {
        readonly limit?: number
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly questions: readonly components['schemas']['Question'][]
            readonly open: number
            readonly looked: {
              readonly people: number
              readonly of: number
            }
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postReviewById: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @enum {string} */
          readonly answer: 'same' | 'different' | 'other' | 'name' | 'dismiss'
          readonly name?: string
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description Events as in docs/events.md */
            readonly events: readonly {
              readonly [key: string]: unknown
            }[]
            /** @description Undoes it: POST /api/actions/ID/undo; null when nothing has changed */
            readonly action: number | null
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getCalibration: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Calibration']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPeopleExport: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': Record<string, never>
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleImport: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly rollcall: 1 | 2 | 3
          readonly embedder: {
            readonly name: string
            readonly sha256: string
            readonly dimensions: number
          }
          readonly people: readonly {
            readonly name: string | null
            /** @default false */
            readonly archived?: boolean
            readonly createdAtMs: number
            readonly lastSeenAtMs: number
            /** @default  */
            readonly lastCamera?: string
            /** @default 0 */
            readonly tracks?: number
            /** @default 0 */
            readonly faces?: number
            readonly exemplars: readonly {
              readonly vector: readonly number[]
              readonly weight: number
            }[]
            readonly id: string
            readonly aliases?: readonly {
              readonly id: string
              readonly into: string
              readonly origin: {
                readonly name: string | null
                /** @default false */
                readonly archived?: boolean
                readonly createdAtMs: number
                readonly lastSeenAtMs: number
                /** @default  */
                readonly lastCamera?: string
                /** @default 0 */
                readonly tracks?: number
                /** @default 0 */
                readonly faces?: number
                readonly exemplars: readonly {
                  readonly vector: readonly number[]
                  readonly weight: number
                }[]
                readonly rest: {
                  readonly lastSeenAtMs: number
                  readonly lastCamera: string
                  readonly exemplars: readonly {
                    readonly vector: readonly number[]
                    readonly weight: number
                  }[]
                }
              } | null
              /** @default [] */
              readonly apart?: readonly {
                readonly person: string
                readonly frames: number | null
              }[]
            }[]
            /** @default [] */
            readonly apart?: readonly {
              readonly person: string
              readonly frames: number | null
            }[]
          }[]
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Changes']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleMerge: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly a: string
          readonly b: string
          /** @default false */
          readonly force?: boolean
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ChangedPerson']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleSeparate: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly a: string
          readonly b: string
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ChangedPerson']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPeopleById: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly person: components['schemas']['PersonDetails']
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly deletePeopleById: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Changes']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleByIdName: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string | null
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ChangedPerson']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleByIdUnmerge: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ChangedPerson']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleByIdSplit: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @default [] */
          readonly tracks?: readonly string[]
          /** @default [] */
          readonly sightings?: readonly string[]
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['ChangedPerson']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleEnroll: {
    readonly parameters: {
      readonly query?: {
        /** @description With a photo as the body */
        readonly name?: string
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string
          readonly embedder: {
            readonly name: string
            readonly sha256: string
            readonly dimensions: number
          }
          readonly faces: readonly {
            readonly embedding: readonly number[]
            readonly quality: number
          }[]
        }
        readonly 'multipart/form-data': {
          readonly name: string
          readonly photo: readonly string[]
        }
        readonly 'image/*': string
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly person: components['schemas']['PersonDetails']
            /** @description Events as in docs/events.md */
            readonly events: readonly {
              readonly [key: string]: unknown
            }[]
            /** @description Undoes it: POST /api/actions/ID/undo; null when nothing has changed */
            readonly action: number | null
            /** @description What became of each photo, in their order */
            readonly photos?: readonly {
              readonly file: string
              readonly accepted: boolean
              /** @description Why it was refused, a stable word */
              readonly reason: string | null
              /** @description The same for people, with the measurement and what to do */
              readonly why: string | null
              /**
               * @description How it was turned, degrees clockwise, to stand upright
               * @enum {unknown}
               */
              readonly turn: 0 | 90 | 180 | 270
              /** @description Its faces, the largest first */
              readonly boxes: readonly components['schemas']['Box'][]
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not possible right now */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postCamerasByCameraCapture: {
    readonly parameters: {
      readonly query?: {
        readonly seconds?: number
      }
      readonly header?: never
      readonly path: {
        readonly camera: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly camera: string
            /** @description video/x-h264, video/x-h265 or image/jpeg */
            readonly encoding: string
            readonly pictures: number
            /** @description From the first picture to the last */
            readonly lengthMs: number
            /** @description When the first picture was taken: cameras.*.startsAtMs of a replay */
            readonly startsAtMs: number
            readonly arrivedMs: readonly number[]
            /** @description Pictures before which something was lost */
            readonly broken: number
            /** @description Why it is shorter than was asked for */
            readonly short: string | null
            /**
             * Format: byte
             * @description MP4, not encoded anew
             */
            readonly video: string
            /** @description Of this time */
            readonly events: readonly {
              readonly [key: string]: unknown
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSightings: {
    readonly parameters: {
      readonly query?: {
        /** @description Of this person; an alias is followed */
        readonly person?: string
        /** @description On this camera */
        readonly camera?: string
        /** @description That end after this time: RFC 3339 or Unix milliseconds */
        readonly from?: string
        /** @description That begin before this time: RFC 3339 or Unix milliseconds */
        readonly until?: string
        readonly limit?: number
        /** @description `next` of the previous page */
        readonly cursor?: string
        /** @description A file with all that is selected, whatever `limit` says; without it one page as JSON */
        readonly format?: 'csv' | 'json' | 'parquet'
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly sightings: readonly components['schemas']['Sighting'][]
            /** @description The `cursor` of the next page; null after the last one */
            readonly next: string | null
          }
          readonly 'text/csv': string
          readonly 'application/vnd.apache.parquet': string
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not possible right now */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPeopleByIdPhotos: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /**
             * @description `identity.crops`
             * @enum {unknown}
             */
            readonly kept: 'off' | 'memory' | 'disk'
            /** @description The best first */
            readonly photos: readonly {
              readonly id: string
              /** @description Who it is now */
              readonly person: string
              /** @description Null for a photo that the person was enrolled with */
              readonly sighting: string | null
              /** @description The same */
              readonly camera: string | null
              /** @description Unix milliseconds; of recordings since their beginning; of a photo when it was enrolled */
              readonly atMs: number
              readonly quality: number
              readonly width: number
              readonly height: number
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getSightingsByIdPhotos: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /**
             * @description `identity.crops`
             * @enum {unknown}
             */
            readonly kept: 'off' | 'memory' | 'disk'
            /** @description The best first */
            readonly photos: readonly {
              readonly id: string
              /** @description Who it is now */
              readonly person: string
              /** @description Null for a photo that the person was enrolled with */
              readonly sighting: string | null
              /** @description The same */
              readonly camera: string | null
              /** @description Unix milliseconds; of recordings since their beginning; of a photo when it was enrolled */
              readonly atMs: number
              readonly quality: number
              readonly width: number
              readonly height: number
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPhotos: {
    readonly parameters: {
      readonly query?: {
        /** @description Up to 100 IDs, with commas */
        readonly people?: string
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /**
             * @description `identity.crops`
             * @enum {unknown}
             */
            readonly kept: 'off' | 'memory' | 'disk'
            readonly photos: readonly {
              readonly id: string
              /** @description Who it is now */
              readonly person: string
              /** @description Null for a photo that the person was enrolled with */
              readonly sighting: string | null
              /** @description The same */
              readonly camera: string | null
              /** @description Unix milliseconds; of recordings since their beginning; of a photo when it was enrolled */
              readonly atMs: number
              readonly quality: number
              readonly width: number
              readonly height: number
              readonly asked: string
              /** Format: byte */
              readonly jpeg: string
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPhotosById: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description JPEG */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'image/jpeg': string
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postPeopleSearch: {
    readonly parameters: {
      readonly query?: {
        /** @description Also finds tracks of anybody since then: Unix milliseconds, or RFC 3339 */
        readonly from?: string
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'multipart/form-data': {
          /** Format: binary */
          readonly photo: string
        }
        readonly 'image/*': string
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /**
             * @description How it was turned, degrees clockwise, to stand upright
             * @enum {unknown}
             */
            readonly turn: 0 | 90 | 180 | 270
            /** @description The largest first */
            readonly faces: readonly {
              readonly box: components['schemas']['Box']
              readonly quality: number
              /** @description Why the answer may be wrong */
              readonly problems: readonly string[]
              /** @description The best first */
              readonly matches: readonly {
                readonly person: string
                readonly name: string | null
                readonly similarity: number
                readonly score: number
                /** @description Of being one person, by the score alone */
                readonly probability: number
                readonly threshold: number
                /** @description It is this person, by the rule by which a track joins one */
                readonly is: boolean
                /** @description The last ones */
                readonly sightings: readonly components['schemas']['Sighting'][]
              }[]
              /** @description Tracks that look like it, also of people without an ID; empty without from */
              readonly tracks: readonly {
                readonly track: string
                readonly camera: string
                /** @description Unix milliseconds */
                readonly fromMs: number
                /** @description Unix milliseconds */
                readonly untilMs: number
                /** @description Whose it is, as known now; null when nobody was told by it */
                readonly person: string | null
                readonly name: string | null
                readonly similarity: number
                readonly score: number
                /** @description Of being one person, by the score alone */
                readonly probability: number
                readonly threshold: number
                /** @description The score reaches the threshold */
                readonly is: boolean
              }[]
            }[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not possible right now */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getObjections: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Objections']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postObjections: {
    readonly parameters: {
      readonly query?: {
        /** @description With a photo as the body */
        readonly note?: string
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @default null */
          readonly person?: string | null
          /** @default null */
          readonly embedder?: {
            readonly name: string
            readonly sha256: string
            readonly dimensions: number
          } | null
          /** @default [] */
          readonly faces?: readonly {
            readonly embedding: readonly number[]
            readonly quality: number
          }[]
          /** @default null */
          readonly note?: string | null
        }
        readonly 'multipart/form-data': {
          readonly note?: string
          readonly photo: readonly string[]
        }
        readonly 'image/*': string
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Objected']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not possible right now */
      readonly 503: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postObjectionsByIdRevoke: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly code: string
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Objections']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getRules: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Rules']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postRules: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name: string
          /** @enum {string} */
          readonly from?: 'http'
        } & {
          readonly [key: string]: unknown
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Rules']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postRulesTest: {
    readonly parameters: {
      readonly query?: {
        /** @description Unix milliseconds, or RFC 3339; a week ago when left out */
        readonly from?: string
      }
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          /** @default null */
          readonly rules?: {
            readonly [key: string]: {
              readonly [key: string]: unknown
            }
          } | null
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['TestedRules']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly putRulesByName: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly name: string
      }
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly name?: string
          /** @enum {string} */
          readonly from?: 'http'
        } & {
          readonly [key: string]: unknown
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Rules']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly deleteRulesByName: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly name: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Rules']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postWhatIf: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody: {
      readonly content: {
        readonly 'application/json': {
          readonly fromMs: number
          readonly risk?: number
          readonly join?: number
          readonly create?: number
          readonly leave?: number
          readonly merge?: number
          readonly split?: number
          readonly margin?: number
          readonly apply?: boolean
        }
      }
    }
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['WhatIf']
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postBackup: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description In the folder snapshot of the state directory, for ten minutes */
            readonly files: readonly string[]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getWebhooks: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path?: never
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly webhooks: readonly components['schemas']['Webhook'][]
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly postWebhooksByNameTest: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly name: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            readonly isTaken: boolean
            readonly reason: string
            readonly tookMs: number
          }
        }
      }
      /** @description Malformed, or no known subprotocol */
      readonly 400: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description It contradicts the present state */
      readonly 409: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too big */
      readonly 413: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
  readonly getPeopleByIdDecisions: {
    readonly parameters: {
      readonly query?: never
      readonly header?: never
      readonly path: {
        readonly id: string
      }
      readonly cookie?: never
    }
    readonly requestBody?: never
    readonly responses: {
      /** @description OK */
      readonly 200: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': {
            /** @description False: people are in memory only, and so nothing is told */
            readonly kept: boolean
            /** @description The last first; only the last of a long history */
            readonly decisions: readonly {
              /** @description Unix milliseconds; of recordings since their beginning */
              readonly atMs: number
              readonly words: string
              /** @description Of the event that told of it */
              readonly type: string
              readonly sequence: number
              readonly track: string | null
              readonly camera: string | null
            }[]
          }
        }
      }
      /** @description No valid token or ticket */
      readonly 401: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description The token lacks the scope, or the page is of another origin */
      readonly 403: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Not found */
      readonly 404: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
      /** @description Too many requests from this address */
      readonly 429: {
        headers: {
          readonly [name: string]: unknown
        }
        content: {
          readonly 'application/json': components['schemas']['Problem']
        }
      }
    }
  }
}
