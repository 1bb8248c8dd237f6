import { apiWords } from './api-words.ts';
import { Code } from './operation-part.tsx';

const PROBLEM = {
  type: 'urn:wattbook:problem:invalid-input',
  title: 'Invalid input',
  status: 400,
  detail: 'name: is missing',
  fields: { name: 'is missing' },
};

function tokenCommand(origin: string): string {
  return [
    `curl -c jar '${origin}/api/v1/session' -H 'Content-Type: application/json' \\`,
    `  -d '{"email":"person@example.org","password":"..."}'`,
    `curl -b jar '${origin}/api/v1/tokens' -H 'Content-Type: application/json' \\`,
    `  -H "x-csrf-token: $CSRF_TOKEN" \\`,
    `  -d '{"name":"erp","permissions":["reading:read"],"expiresAt":"2027-01-01T00:00:00Z"}'`,
    `curl '${origin}/api/v1/meters' -H "Authorization: Bearer $TOKEN"`,
  ].join('\n');
}

const LIST = `GET /api/v1/meters?limit=100\n{"items": [...], "next": "aWQ6MTAw"}\nGET /api/v1/meters?limit=100&cursor=aWQ6MTAw\n{"items": [...], "next": null}`;

/** What holds for all operations. */
export function Guide() {
  const { guide } = apiWords;
  const parts = [
    { title: guide.tokenTitle, texts: guide.token, code: tokenCommand(location.origin) },
    { title: guide.errorsTitle, texts: guide.errors, code: JSON.stringify(PROBLEM, null, 2) },
    { title: guide.pagingTitle, texts: guide.paging, code: LIST },
    { title: guide.timesTitle, texts: guide.times, code: null },
    { title: guide.onceTitle, texts: guide.once, code: null },
  ];
  return (
    <div class="api-guide">
      {parts.map(({ title, texts, code }) => (
        <details key={title} class="api-operation">
          <summary>
            <span class="api-guide-title">{title}</span>
          </summary>
          <div class="api-details">
            {texts.map((text) => (
              <p key={text}>{text}</p>
            ))}
            {code !== null && <Code caption={title} text={code} />}
          </div>
        </details>
      ))}
    </div>
  );
}
