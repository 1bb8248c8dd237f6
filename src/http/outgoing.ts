import { lookup } from 'node:dns/promises';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { webhookNetworks, type Config } from '../config.ts';
import { makeAddressRule } from './allowed-addresses.ts';

interface Address {
  address: string;
  family: number;
}

export type Target = { ok: true; url: URL; addresses: Address[] } | { ok: false; problem: string };

/** An answer, or why there is none: in words that tell nobody what listens in a network. */
export type Posted = { kind: 'answered'; status: number } | { kind: 'refused' | 'failed'; problem: string; cause?: unknown };

export interface OutgoingRules {
  isAllowed(address: string): boolean;
  /** Without TLS, too. */
  allowsHttp: boolean;
}

export function outgoingRules(config: Pick<Config, 'WEBHOOK_NETWORKS' | 'WEBHOOK_HTTP'>): OutgoingRules {
  return { isAllowed: makeAddressRule(webhookNetworks(config)), allowsHttp: config.WEBHOOK_HTTP };
}

export interface OutgoingOptions {
  resolve?: (host: string) => Promise<Address[]>;
  timeoutMs?: number;
  /** Certificates of authorities that Node does not know. */
  ca?: string;
}

export interface Outgoing {
  /** What an address would lead to; a refusal says why. */
  target(address: string): Promise<Target>;
  /** One request to exactly the addresses that were checked; no redirect is followed. */
  post(address: string, request: { headers: Readonly<Record<string, string>>; body: string }): Promise<Posted>;
}

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 64 * 1_024;
const NO_ANSWER = 'No answer came in time, or no connection was made.';

const systemResolve = (host: string) => lookup(host, { all: true, verbatim: true });

function parsed(address: string, { allowsHttp }: OutgoingRules): URL | string {
  if (!URL.canParse(address)) return 'is not an address';
  const url = new URL(address);
  const isHttp = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isHttp && allowsHttp))
    return allowsHttp ? 'must begin with https: or http:' : 'must begin with https:';
  if (url.username !== '' || url.password !== '') return 'must have no user and password in it';
  if (url.hash !== '') return 'must have no # in it';
  return url;
}

/** Waits for the end of what is answered, as far as it is short. */
function readAway(answer: IncomingMessage, done: () => void): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) done();
  });
  answer.on('end', done);
  answer.on('error', done);
  answer.on('close', done);
}

export function makeOutgoing(rules: OutgoingRules, options: OutgoingOptions = {}): Outgoing {
  const { resolve = systemResolve, timeoutMs = TIMEOUT_MS, ca } = options;

  async function target(address: string): Promise<Target> {
    const url = parsed(address, rules);
    if (typeof url === 'string') return { ok: false, problem: url };
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const family = isIP(host);
    let addresses: Address[];
    try {
      addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
    } catch {
      return { ok: false, problem: 'has a host name that nobody knows' };
    }
    // All of them: which one is taken is not ours to say.
    if (addresses.length === 0 || !addresses.every((one) => rules.isAllowed(one.address))) {
      return { ok: false, problem: 'leads to a network that nothing is sent to; WEBHOOK_NETWORKS names those besides the public internet' };
    }
    return { ok: true, url, addresses };
  }

  function send(
    { url, addresses }: Extract<Target, { ok: true }>,
    { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  ): Promise<Posted> {
    const pinned: LookupFunction = (_host, { all }, callback) => {
      const [first] = addresses;
      if (all === true) callback(null, addresses);
      else callback(null, first!.address, first!.family);
    };
    return new Promise((settle) => {
      const bytes = Buffer.from(body);
      const asked: RequestOptions & https.RequestOptions = {
        method: 'POST',
        agent: false,
        lookup: pinned,
        headers: { 'Content-Type': 'application/json', 'Content-Length': bytes.length, Connection: 'close', ...headers },
        ...(ca === undefined ? {} : { ca }),
      };
      const request = url.protocol === 'https:' ? https.request(url, asked) : http.request(url, asked);
      let posted: Posted = { kind: 'failed', problem: NO_ANSWER };
      // Over all of it: a receiver that sends a byte now and then ends nothing.
      const timer = setTimeout(() => end(), timeoutMs);
      const end = () => {
        clearTimeout(timer);
        settle(posted);
        request.destroy();
      };
      request.on('response', (answer) => {
        posted = { kind: 'answered', status: answer.statusCode ?? 0 };
        readAway(answer, end);
      });
      request.on('error', (cause) => {
        if (posted.kind !== 'answered') posted = { kind: 'failed', problem: NO_ANSWER, cause };
        end();
      });
      request.end(bytes);
    });
  }

  return {
    target,
    async post(address, request) {
      const found = await target(address);
      return found.ok ? send(found, request) : { kind: 'refused', problem: `The address ${found.problem}.` };
    },
  };
}
