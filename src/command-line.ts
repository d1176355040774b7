/** The command line: one table of all commands. */
import { named } from './commands/arguments.ts'
import { version } from './version.ts'

/** Resolves to the exit code. */
type Command = (args: readonly string[]) => Promise<number>

/** Loaded when it is asked for, because the models' runtime takes a second. */
const commands: Record<string, { readonly load: () => Promise<Command>; readonly what: string }> = {
  run: {
    load: async () => (await import('./commands/run.ts')).run,
    what: 'watch cameras or recordings: faces in, stable person IDs out',
  },
  demo: {
    load: async () => (await import('./commands/demo.ts')).demo,
    what: 'simulated cameras over real RTSP, watched by the whole pipeline, with the viewer',
  },
  vision: {
    load: async () => (await import('./commands/vision.ts')).vision,
    what: 'watch cameras for an identity process on another machine: faces go there over Kafka',
  },
  identity: {
    load: async () => (await import('./commands/identity.ts')).identity,
    what: 'say who the faces are that vision processes on other machines send over Kafka',
  },
  simulate: {
    load: async () => (await import('./commands/simulate.ts')).simulate,
    what: 'pretend to be a camera that does something wrong, to test RTSP clients with',
  },
  people: {
    load: async () => (await import('./commands/people.ts')).people,
    what: 'the people that are known: list, name, merge, split, delete, export, import, enroll from photos',
  },
  import: {
    load: async () => (await import('./commands/import.ts')).importLibrary,
    what: 'take over the people of Frigate or CompreFace, by their photos',
  },
  'what-if': {
    load: async () => (await import('./commands/what-if.ts')).whatIf,
    what: 'whose ID would change with other settings? Replays the tracks that are kept',
  },
  cameras: {
    load: async () => (await import('./commands/cameras.ts')).cameras,
    what: 'list, add, remove, pause and resume cameras of a running Rollcall; find ONVIF cameras on the network',
  },
  rules: {
    load: async () => (await import('./commands/rules.ts')).rules,
    what: 'list the rules of a configuration, and try them on the past',
  },
  mcp: {
    load: async () => (await import('./commands/mcp.ts')).mcp,
    what: 'let an assistant ask a running Rollcall: who is here, who was where (Model Context Protocol)',
  },
  capture: {
    load: async () => (await import('./commands/capture.ts')).capture,
    what: 'write the last seconds of a camera of a running Rollcall to an MP4, with the events beside it',
  },
  service: {
    load: async () => (await import('./commands/service.ts')).service,
    what: 'run for good: install, remove and show a service of systemd',
  },
  forget: {
    load: async () => (await import('./commands/forget.ts')).forget,
    what: 'delete a person, look for what is left, and write a signed receipt',
  },
  privacy: {
    load: async () => (await import('./commands/privacy.ts')).privacy,
    what: 'report what is held about how many people, how old it is, where, and when it goes',
  },
  backup: {
    load: async () => (await import('./commands/backup.ts')).backup,
    what: 'copy everything that a Rollcall keeps, also while it runs',
  },
  restore: {
    load: async () => (await import('./commands/restore.ts')).restore,
    what: 'put a backup in place, where nobody is known yet',
  },
  config: {
    load: async () => (await import('./commands/config.ts')).config,
    what: 'print a complete configuration, every key explained',
  },
  models: {
    load: async () => (await import('./commands/models.ts')).models,
    what: 'list the models that are there, and fetch public ones',
  },
  verify: {
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
    what: 'do two photos show one person? Distance, threshold and what it stands for; folders: a matrix',
  },
  recognise: {
    load: async () => (await import('./commands/recognise.ts')).recognise,
    what: 'who is in these photos? Compares them with a folder of photos of known people',
  },
  cluster: {
    load: async () => (await import('./commands/cluster.ts')).cluster,
    what: 'who is in these photos? Divides a folder into people: folders, a contact sheet, CSV, JSON',
  },
  relabel: {
    load: async () => (await import('./commands/relabel.ts')).relabel,
    what: 'give every face of recordings its person, after all of it is known',
  },
  eval: {
    load: async () => (await import('./commands/eval.ts')).evaluate,
    what: 'measure how good it is: verification, clustering, tracking, identities',
  },
  events: {
    load: async () => (await import('./commands/events.ts')).events,
    what: 'print events as they come, from a WebSocket or from Kafka',
  },
  doctor: {
    load: async () => (await import('./commands/doctor.ts')).doctor,
    what: 'check what is installed and what is missing, and print the command that installs it',
  },
}

const usage = `rollcall COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, { what }]) => `  ${name.padEnd(9)} ${what}`)
  .join('\n')}

rollcall COMMAND --help explains its options; rollcall --version prints the version.`

/** Runs what the command line says. Resolves to the exit code; throws USAGE for an unknown command, and what commands throw. */
export const commandLine = async ([name, ...args]: readonly string[]): Promise<number> => {
  switch (name) {
    case undefined:
      console.log(usage)
      return 2
    case '--version':
    case '-V':
    case 'version':
      console.log(`rollcall ${version()}`)
      return 0
    case 'help':
    case '--help':
    case '-h':
      if (args[0] !== undefined) return commandLine([args[0], '--help'])
      console.log(usage)
      return 0
    default:
      return (await named('command', name, commands, 'see rollcall --help').load())(args)
  }
}
