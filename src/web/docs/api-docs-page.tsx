import { useEffect, useMemo, useState } from 'preact/hooks';
import { switchLanguage } from '../data/language.ts';
import { Logo } from '../frame/logo.tsx';
import { LanguagePicker } from '../parts/language-picker.tsx';
import { words } from '../words.ts';
import { apiWords } from './api-words.ts';
import { groupsOf, type ApiDocument } from './document.ts';
import { Guide } from './guide.tsx';
import { OperationPart } from './operation-part.tsx';

async function load(): Promise<ApiDocument> {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  return (await response.json()) as ApiDocument;
}

function useDocument(): { document: ApiDocument | null; failed: boolean; again(): void } {
  const [document, setDocument] = useState<ApiDocument | null>(null);
  const [failed, setFailed] = useState(false);
  const again = () => {
    setFailed(false);
    load().then(setDocument, () => setFailed(true));
  };
  useEffect(again, []);
  return { document, failed, again };
}

function Operations({ document }: { document: ApiDocument }) {
  const [search, setSearch] = useState('');
  const groups = useMemo(() => groupsOf(document, search), [document, search]);
  const count = new Set(groups.flatMap(({ operations }) => operations.map(({ operationId }) => operationId))).size;
  const linked = location.hash.slice(1);
  useEffect(() => {
    if (linked !== '') globalThis.document.getElementById(linked)?.scrollIntoView();
  }, [linked]);
  return (
    <>
      <div class="api-search">
        <label>
          <span>{apiWords.search}</span>
          <input type="search" value={search} placeholder={apiWords.searchHint} onInput={(event) => setSearch(event.currentTarget.value)} />
        </label>
        <p role="status" class="hint">
          {count > 0 ? apiWords.found(count) : apiWords.nothing}
        </p>
      </div>
      <nav class="api-nouns" aria-label={apiWords.nouns} lang="en">
        {groups.map(({ name, operations }) => (
          <a key={name} href={`#noun-${name}`}>
            {name} <span class="quiet-text">{operations.length}</span>
          </a>
        ))}
      </nav>
      {groups.map(({ name, description, operations }) => (
        <section key={name} class="api-group" aria-labelledby={`noun-${name}`}>
          <h2 id={`noun-${name}`} lang="en">
            {name}
          </h2>
          <p class="hint" lang="en">
            {description}
          </p>
          {operations.map((operation) => (
            <OperationPart
              key={operation.operationId}
              document={document}
              operation={operation}
              isOpen={operation.operationId === linked}
            />
          ))}
        </section>
      ))}
    </>
  );
}

/** What programs can ask, out of the server's own description. */
export function ApiDocsPage() {
  const { document, failed, again } = useDocument();
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {words.nav.skip}
      </a>
      <header class="top">
        <a class="brand" href="/" aria-label={apiWords.back}>
          <Logo />
          <span>{words.product}</span>
        </a>
        <LanguagePicker onPick={switchLanguage} />
      </header>
      <main id="content" tabIndex={-1} class="api-docs">
        <h1>{apiWords.title}</h1>
        <p class="lead">
          {apiWords.lead} <a href="/openapi.json">{apiWords.file}</a>
        </p>
        <p class="hint">{apiWords.english}</p>
        <Guide />
        {document && <Operations document={document} />}
        {!document && !failed && <p role="status">{apiWords.loading}</p>}
        {failed && (
          <div role="alert">
            <p>{apiWords.failed}</p>
            <button type="button" onClick={again}>
              {apiWords.again}
            </button>
          </div>
        )}
      </main>
    </div>
  );
}
