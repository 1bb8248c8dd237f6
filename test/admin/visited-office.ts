import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DESKTOP, openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import type { TestPerson } from '../support/test-app.ts';
import { bundleComponents, openTestOffice, type TestOffice } from './office.ts';

export interface VisitedOffice {
  office: TestOffice;
  visitor: Visitor;
  logIn(person: TestPerson): Promise<void>;
  close(): Promise<void>;
}

/** The back office with its components as they are built, and somebody before it. */
export async function openVisitedOffice(viewport = DESKTOP): Promise<VisitedOffice> {
  const bundle = bundleComponents();
  const office = await openTestOffice({ componentsBundle: bundle.file });
  const server = createServer(office.app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await openBrowser();
  const visitor = await openVisitor(browser, { url, viewport });
  return {
    office,
    visitor,
    async logIn({ email, password }) {
      await visitor.context.request.post('/api/v1/session', { data: { email, password } });
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await office.close();
      bundle.remove();
    },
  };
}
