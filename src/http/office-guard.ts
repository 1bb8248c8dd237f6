import { AppError } from '../errors.ts';

// AdminJS runs any action, its own and ours, on GET as well: a link on another site would do.
const READ_ACTIONS = ['list', 'search', 'show', 'edit', 'bulkDelete'];
const ACTION = /^\/admin\/api\/resources\/[^/]+\/(?:actions\/([^/]+)|records\/[^/]+\/([^/]+)|bulk\/([^/]+))/i;

export function refuseOfficeReadThatActs(path: string, readActions: readonly string[]): void {
  const match = ACTION.exec(path);
  if (!match) return;
  const action = match[1] ?? match[2] ?? match[3] ?? '';
  if ([...READ_ACTIONS, ...readActions].includes(action)) return;
  throw new AppError('method-not-allowed', 'This action changes something: it takes POST.', { status: 405 });
}

function asScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * Put at the start of the head of every page of AdminJS and Bull Board. Their own scripts know no CSRF token and call
 * actions by GET: this adds the header and makes such a call a POST.
 */
export function officeScript(page: { csrfToken: string; nonce: string; readActions?: readonly string[] }): string {
  const reads = [...READ_ACTIONS, ...(page.readActions ?? [])];
  return `<script nonce="${page.nonce}">(() => {
  const token = ${asScript(page.csrfToken)};
  const reads = ${asScript(reads)};
  const action = new RegExp(${asScript(ACTION.source)}, 'i');
  const methodFor = (method, address) => {
    const url = new URL(address, location.href);
    const match = method === 'GET' && url.origin === location.origin && action.exec(url.pathname);
    return match && !reads.includes(match[1] ?? match[2] ?? match[3]) ? 'POST' : method;
  };
  const carriesToken = (method, address) => !['GET', 'HEAD'].includes(method) && new URL(address, location.href).origin === location.origin;
  const { open, send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    const real = methodFor(method.toUpperCase(), address);
    this.wattbookCarriesToken = carriesToken(real, address);
    return open.call(this, real, address, ...(rest.length ? rest : [true]));
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.wattbookCarriesToken) this.setRequestHeader('x-csrf-token', token);
    return send.call(this, body);
  };
  const plainFetch = window.fetch;
  window.fetch = (input, init) => {
    const request = new Request(input, init);
    if (carriesToken(request.method, request.url)) request.headers.set('x-csrf-token', token);
    request.headers.set('accept-language', 'en');
    return plainFetch(request);
  };
})();</script>`;
}
