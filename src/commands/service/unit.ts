/** What a unit is made of. */
export interface UnitParts {
  /** The program, an absolute path. */
  readonly program: string
  /** The configuration, an absolute path. */
  readonly config: string
  /** Where people are kept: below /var/lib, so that systemd makes it. */
  readonly stateName: string
  readonly user: string
}

/** Of systemd.service(5): spaces, quotes, specifiers and variables mean themselves. */
const quoted = (word: string): string =>
  `"${word.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`

const isInHome = (path: string): boolean => /^\/(home|root|run\/user)\//.test(path)

/**
 * The text of the unit: systemd.service(5), systemd.exec(5). Devices stay open, because webcams and GPUs are devices, and memory
 * may be written and executed, because that is how V8 works.
 */
export const unitText = ({ program, config, stateName, user }: UnitParts): string => `[Unit]
Description=Rollcall: who is there
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=all
ExecStart=${quoted(program)} run --config ${quoted(config)} --state ${quoted(`/var/lib/${stateName}`)}
ExecReload=/bin/kill -HUP $MAINPID
User=${user}
EnvironmentFile=-/etc/rollcall/rollcall.env
StateDirectory=${stateName}
StateDirectoryMode=0700
LogsDirectory=${stateName}
WorkingDirectory=/var/lib/${stateName}
UMask=0077
LimitNOFILE=65536

Restart=always
RestartSec=5
RestartPreventExitStatus=2
WatchdogSec=60
TimeoutStartSec=300
TimeoutStopSec=30
KillMode=mixed
OOMPolicy=continue

NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=${[program, config].some(isInHome) ? 'read-only' : 'yes'}
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
`

/** The text for systemd-sysusers(8), which makes the user: webcams belong to the group video, GPUs to render. */
export const userText = ({ user, stateName }: Pick<UnitParts, 'user' | 'stateName'>): string =>
  `u ${user} - "Rollcall" /var/lib/${stateName}\nm ${user} video\nm ${user} render\n`
