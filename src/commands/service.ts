import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describeDiskError } from '../disk.ts'
import { RollcallError } from '../errors.ts'
import { makeDirectory } from '../make-directory.ts'
import { replaceFile } from '../replace-file.ts'
import { named, parseWords } from './arguments.ts'
import { unitText, userText } from './service/unit.ts'

const help = `rollcall service install [--config FILE] [--print]
rollcall service uninstall
rollcall service status

install    makes the user rollcall and a unit of systemd, and starts it, now and with the machine. It is started again when it
           ends, and when it hangs: it tells systemd every twenty seconds that it works
uninstall  stops it and removes the unit; people, the configuration and the user stay
status     what systemd says of it; its log: journalctl --unit rollcall

  --config FILE  the configuration (default /etc/rollcall/rollcall.yaml), which the user rollcall must be able to read
  --print        only prints the unit; needs no root
  --root DIR     installs into the file system of a machine that is not running, such as an image

People are kept in /var/lib/rollcall. Secrets may stand in /etc/rollcall/rollcall.env, as NAME=value. /var/log/rollcall may be written.`

const options = {
  config: { type: 'string', default: '/etc/rollcall/rollcall.yaml' },
  root: { type: 'string' },
  print: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

const name = 'rollcall'
const program = resolve(import.meta.dirname, '../../bin/rollcall')
/** In the file system of the machine. */
const unitFile = `/etc/systemd/system/${name}.service`
const userFile = `/etc/sysusers.d/${name}.conf`

interface Place {
  readonly config: string
  /** Null: this machine. */
  readonly root: string | null
}

/** `rollcall service`. Resolves to the exit code; throws USAGE, CONFIG_INVALID and STATE. */
export const service = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('service', args, options)
  const [verb, more] = positionals
  if (values.help || verb === undefined) {
    console.log(help)
    return values.help ? 0 : 2
  }
  const work = named('verb', verb, { install, uninstall, status }, 'see rollcall service --help')
  if (more !== undefined)
    throw new RollcallError('USAGE', 'rollcall service: expected one verb', { remedy: 'see rollcall service --help' })
  const config = resolve(values.config)
  if (values.print) {
    console.log(unitOf(config).trimEnd())
    return 0
  }
  return work({ config, root: values.root === undefined ? null : resolve(values.root) })
}

const unitOf = (config: string): string => unitText({ program, config, stateName: name, user: name })

const within = (root: string | null): readonly string[] => (root === null ? [] : [`--root=${root}`])

const install = ({ config, root }: Place): number => {
  requireRoot(root)
  // Values of the environment are not known here, so it is only looked for.
  const found = statSync(join(root ?? '/', config), { throwIfNoEntry: false })
  if (!found)
    throw new RollcallError('USAGE', `--config: there is no ${config}`, {
      remedy: `Make one: mkdir -p ${dirname(config)} && ${program} config > ${config}`,
    })
  if (found.isDirectory())
    throw new RollcallError('USAGE', `--config: ${config} is a directory, expected a file`, {
      remedy: `Name the file in it: --config ${join(config, 'rollcall.yaml')}`,
    })
  write(join(root ?? '/', userFile), userText({ user: name, stateName: name }))
  call('systemd-sysusers', [...within(root), `${name}.conf`])
  if (root === null) mayRead(config)
  write(join(root ?? '/', unitFile), unitOf(config))
  if (root === null) call('systemctl', ['daemon-reload'])
  call('systemctl', [...within(root), 'enable', name])
  if (root === null) start()
  console.log(`${unitFile} is installed${root === null ? ' and started: rollcall service status' : ` in ${root}`}`)
  return 0
}

/** Throws STATE, with what the service said, when it does not start. */
const start = (): void => {
  try {
    execFileSync('systemctl', ['start', name], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  } catch (cause) {
    throw new RollcallError('STATE', `${unitFile} is installed and does not start: ${lastWords(log(), cause)}`, {
      cause,
      remedy: `Mend it (variables stand in /etc/${name}/${name}.env), then: systemctl restart ${name}. All that it says: journalctl --unit ${name}`,
    })
  }
}

/** What the service has said lately. */
const log = (): string => {
  const options = ['--unit', name, '--identifier', name, '--lines=50', '--output=cat', '--no-pager']
  return spawnSync('journalctl', options, { encoding: 'utf8' }).stdout ?? ''
}

/** The last error of a log, without the name of the program before it; what `cause` says when there is none. */
export const lastWords = (text: string, cause: unknown): string => {
  const lines = text.trimEnd().split('\n')
  const from = lines.findLastIndex((line) => line.startsWith(`${name}: `))
  if (from < 0) return (cause as Error).message
  const more = lines.slice(from + 1).findIndex((line) => !line.startsWith('  '))
  const words = lines.slice(from, more < 0 ? undefined : from + 1 + more)
  return words
    .map((line) => line.trim())
    .join(' ')
    .slice(name.length + 2)
}

const uninstall = ({ root }: Place): number => {
  requireRoot(root)
  if (!existsSync(join(root ?? '/', unitFile)))
    throw new RollcallError('USAGE', `there is no ${unitFile}`, {
      remedy: 'It is not installed; nothing is to be done.',
    })
  call('systemctl', [...within(root), 'disable', ...(root === null ? ['--now'] : []), name])
  rmSync(join(root ?? '/', unitFile))
  if (root === null) call('systemctl', ['daemon-reload'])
  console.log(`${unitFile} is removed; people stay in /var/lib/${name}, and the user ${name} stays`)
  return 0
}

const status = (): number => {
  try {
    execFileSync('systemctl', ['status', name, '--no-pager', '--lines=10'], { stdio: 'inherit' })
    return 0
  } catch (error) {
    const { status: code } = error as { status?: number | null }
    if (typeof code === 'number') return code
    throw failed('systemctl', error)
  }
}

const requireRoot = (root: string | null): void => {
  if (root !== null || process.getuid?.() === 0) return
  throw new RollcallError('USAGE', 'this needs root', {
    remedy: 'Run it with sudo; --print shows the unit without.',
  })
}

const write = (file: string, text: string): void => {
  try {
    makeDirectory(dirname(file))
    replaceFile(file, text, { mode: 0o644 })
  } catch (cause) {
    throw new RollcallError('STATE', `${file}: ${describeDiskError(cause)}`, { cause, remedy: 'Run it as root.' })
  }
}

const call = (command: string, args: readonly string[]): void => {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  } catch (error) {
    throw failed(command, error)
  }
}

const failed = (command: string, cause: unknown): RollcallError => {
  const { code, stderr } = cause as { code?: string; stderr?: string | null }
  const why = code === 'ENOENT' ? 'there is no such program' : stderr?.trim() || (cause as Error).message
  return new RollcallError('STATE', `${command}: ${why}`, {
    cause,
    remedy: 'This needs a machine that systemd runs; --print shows the unit.',
  })
}

/** Throws STATE when the user of the service cannot start the program or read its configuration. */
const mayRead = (config: string): void => {
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  const who = { uid: idOf('-u'), gid: idOf('-g'), stdio: 'ignore', cwd: '/' } as const
  const may = (command: string, args: readonly string[]): boolean => {
    try {
      execFileSync(command, args, who)
      return true
    } catch {
      return false
    }
  }
  const [what, remedy] = !may(program, ['--version'])
    ? [`run ${program}`, 'Put it where everybody may read it, such as /opt/rollcall.']
    : !may('test', ['-r', config])
      ? [`read ${config}`, `chgrp ${name} ${config} && chmod 640 ${config}`]
      : [null, '']
  if (what !== null) throw new RollcallError('STATE', `the user ${name} cannot ${what}`, { remedy })
}
