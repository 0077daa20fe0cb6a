// A real ZooKeeper to compare with: the one that Debian packages. [docs/divergence.md]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const JARS = ['zookeeper.jar', 'slf4j-log4j12.jar', 'log4j-1.2.jar'];
const HOME = '/usr/share/java';

/** The manifest of the first jar names the rest. */
export const CLASS_PATH = JARS.map((jar) => `${HOME}/${jar}`).join(':');

function runs(command: string, ...args: string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: 'ignore', timeout: 300_000 });
  return status === 0;
}

function isInstalled(): boolean {
  return JARS.every((jar) => existsSync(`${HOME}/${jar}`)) && runs('java', '-version');
}

/** Why there is no ZooKeeper here; undefined: there is. */
export function whyNotInstalled(): string | undefined {
  if (isInstalled()) return undefined;
  if (!runs('apt-get', '--version')) return 'no package `zookeeper`, and no apt-get to install it';
  const packages = ['zookeeper'];
  if (!runs('java', '-version')) packages.push('openjdk-17-jre-headless');
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if (!runs('apt-get', ...install)) {
    runs('apt-get', 'update');
    if (!runs('apt-get', ...install)) return `apt-get ${install.join(' ')} failed`;
  }
  return isInstalled() ? undefined : `the package is installed, but not in ${HOME}`;
}

/** As dpkg knows it. */
export function packageVersion(): string {
  const query = ['-W', '-f=${Version}', 'zookeeper'];
  const { status, stdout } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  return status === 0 ? stdout : 'unknown';
}
