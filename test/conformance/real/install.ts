// A real ZooKeeper to compare with: Debian's package of 3.8.0. Where it is not installed, its jars
// are downloaded and unpacked for this run, which takes no rights; only a missing Java is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './leftovers.js';

const VERSION = '3.8.0';
const HOME = 'usr/share/java';
const JARS = [
  ...['zookeeper', 'zookeeper-jute', 'slf4j-api', 'slf4j-log4j12', 'log4j-1.2'],
  ...['metrics-core', 'snappy-java'],
];
const PACKAGES = [
  ...['libzookeeper-java', 'libslf4j-java', 'liblog4j1.2-java'],
  ...['libdropwizard-metrics-java', 'libsnappy-java'],
];
const JAVA = 'openjdk-17-jre-headless';

export interface Installation {
  readonly classPath: string;
  /** As the package has it. */
  readonly version: string;
}

/** What it says on success; undefined: it fails. */
function outputOf(command: string, args: readonly string[], cwd?: string): string | undefined {
  const options = { encoding: 'utf8', timeout: 300_000, cwd } as const;
  const { status, stdout } = spawnSync(command, args, options);
  return status === 0 ? stdout : undefined;
}

function runs(command: string, ...args: string[]): boolean {
  return outputOf(command, args) !== undefined;
}

function classPathIn(root: string): string | undefined {
  const jars = JARS.map((jar) => join(root, HOME, `${jar}.jar`));
  return jars.every((jar) => existsSync(jar)) ? jars.join(':') : undefined;
}

/** What fails because lists are old or missing is tried once more with new ones. */
function apt(args: readonly string[], cwd?: string): boolean {
  const succeeds = (): boolean => outputOf('apt-get', args, cwd) !== undefined;
  return succeeds() || (runs('apt-get', 'update') && succeeds());
}

function downloaded(): Installation | string {
  const folder = makeFolder();
  if (!apt(['download', ...PACKAGES], folder))
    return `apt-get download ${PACKAGES.join(' ')} fails`;
  const packages = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  const unpack = (file: string): boolean => runs('dpkg-deb', '-x', join(folder, file), folder);
  if (!packages.every(unpack)) return 'dpkg-deb fails to unpack what was downloaded';
  const classPath = classPathIn(folder);
  if (classPath === undefined) return 'the packages have no such jars';
  const own = packages.find((file) => file.startsWith('libzookeeper-java_')) ?? '';
  return { classPath, version: decodeURIComponent(own.split('_')[1] ?? 'unknown') };
}

function find(): Installation | string {
  if (!runs('java', '-version') && !apt(['install', '-y', '--no-install-recommends', JAVA])) {
    return `there is no Java, and apt-get install ${JAVA} fails`;
  }
  const classPath = classPathIn('/');
  const query = ['-W', '-f=${Version}', 'libzookeeper-java'];
  const version = outputOf('dpkg-query', query) ?? 'unknown';
  const found = classPath === undefined ? downloaded() : { classPath, version };
  if (typeof found === 'string' || found.version.startsWith(VERSION)) return found;
  return `the ZooKeeper at hand is ${found.version}, and not ${VERSION}`;
}

let found: Installation | string | undefined;

/** It, or why there is none. Looked for once. */
export function installation(): Installation | string {
  found ??= find();
  return found;
}
