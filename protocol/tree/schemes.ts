// The authentication schemes that an ACL may name, as far as they are on by default: `ip` and
// `digest`. What a client proves in them is the connection's concern; here is which ids are
// well-formed and which identity an id means. [ZK-Java ProviderRegistry, IPAuthenticationProvider,
// DigestAuthenticationProvider]
import type { AclEntry, Identity } from '../acl.js';
import type { ServiceSettings } from '../service-settings.js';
import { addressBytes, parseInteger } from './address.js';

/** Does the scheme prove more than where somebody comes from? */
export function isProven({ scheme }: Identity): boolean {
  return scheme === 'digest';
}

/** Older servers know no IPv6 addresses. */
function knowsIpv6({ compatibility }: ServiceSettings): boolean {
  return compatibility !== '3.8.0';
}

interface Network {
  readonly address: readonly number[];
  readonly bits: number;
}

/** `address` or `address/bits`. */
function parseNetwork(text: string, settings: ServiceSettings): Network | undefined {
  const slash = text.indexOf('/');
  const address = addressBytes(slash < 0 ? text : text.slice(0, slash), knowsIpv6(settings));
  if (address === undefined) return undefined;
  const all = 8 * address.length;
  const bits = slash < 0 ? all : parseInteger(text.slice(slash + 1), 10);
  return bits === undefined || bits < 0 || bits > all ? undefined : { address, bits };
}

/** Are the first `bits` bits the same? */
function isWithin({ address, bits }: Network, other: readonly number[]): boolean {
  if (address.length !== other.length) return false;
  return address.every((byte, index) => {
    const left = Math.min(8, Math.max(0, bits - 8 * index));
    const mask = (0xff << (8 - left)) & 0xff;
    return (byte & mask) === ((other[index] ?? 0) & mask);
  });
}

/** `user:digest`, as Java splits it: empty parts at the end do not count. */
function isDigestId(id: string): boolean {
  return id.replace(/:+$/, '').split(':').length === 2;
}

/** May an ACL hold this? */
export function isAcceptable({ scheme, id }: AclEntry, settings: ServiceSettings): boolean {
  if (scheme === 'digest') return isDigestId(id);
  return scheme === 'ip' && parseNetwork(id, settings) !== undefined;
}

/** Is the identity, of the same scheme, one that the entry means? */
export function matches(identity: Identity, entry: AclEntry, settings: ServiceSettings): boolean {
  if (entry.scheme === 'digest') return identity.id === entry.id;
  if (entry.scheme !== 'ip') return false;
  const network = parseNetwork(entry.id, settings);
  const address = addressBytes(identity.id, knowsIpv6(settings));
  return network !== undefined && address !== undefined && isWithin(network, address);
}
