/** An amount of memory or disk, such as `738 MiB`. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
