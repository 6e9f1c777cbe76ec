// SPDX-License-Identifier: Apache-2.0
// Makes and reads tokens with the package jose. Usage: node peer.mjs <folder of node_modules>
// Standard input is a JSON array of tasks, standard output an array of answers in the same order.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.argv[2], 'package.json'));
const jose = await import(pathToFileURL(require.resolve('jose')).href);

const HANDLERS = { sign, verify, encrypt, decrypt };

const tasks = JSON.parse(readFileSync(0, 'utf8'));
const answers = [];
for (const task of tasks) {
  try {
    answers.push({ result: await HANDLERS[task.op](task) });
  } catch (e) {
    answers.push({ error: `${e.name}: ${e.message}` });
  }
}
process.stdout.write(JSON.stringify(answers));

async function sign({ form, alg, jwk, content }) {
  const key = await importKey(jwk, alg);
  const header = { alg, kid: jwk.kid };
  const payload = Buffer.from(content, 'base64url');
  if (form === 'unencoded') {
    Object.assign(header, { b64: false, crit: ['b64'] });
  }
  const jws = await new jose.FlattenedSign(payload).setProtectedHeader(header).sign(key);
  switch (form) {
    case 'compact':
      return new jose.CompactSign(payload).setProtectedHeader(header).sign(key);
    case 'flattened':
      return JSON.stringify(jws);
    default:
      return `${jws.protected}..${jws.signature}`;
  }
}

async function verify({ form, alg, jwk, token, content }) {
  const key = await importKey(publicPart(jwk), alg);
  const options = { algorithms: [alg] };
  let verified;
  if (form === 'compact') {
    verified = await jose.compactVerify(token, key, options);
  } else if (form === 'flattened') {
    verified = await jose.flattenedVerify(JSON.parse(token), key, options);
  } else {
    const [header, , signature] = token.split('.');
    const payload = form === 'unencoded' ? Buffer.from(content, 'base64url') : content;
    verified = await jose.flattenedVerify({ protected: header, payload, signature }, key, options);
  }
  return Buffer.from(verified.payload).toString('base64url');
}

async function encrypt({ form, alg, enc, jwk, content }) {
  const key = await importKey(publicPart(jwk), alg);
  const plaintext = Buffer.from(content, 'base64url');
  const header = { alg, enc, kid: jwk.kid };
  const type = form === 'flattened' ? jose.FlattenedEncrypt : jose.CompactEncrypt;
  const encrypter = new type(plaintext).setProtectedHeader(header);
  if (alg.startsWith('PBES2')) {
    encrypter.setKeyManagementParameters({ p2c: 10_000 });
  }
  const jwe = await encrypter.encrypt(key);
  return form === 'flattened' ? JSON.stringify(jwe) : jwe;
}

async function decrypt({ form, alg, enc, jwk, token }) {
  const key = await importKey(jwk, alg);
  const options = {
    keyManagementAlgorithms: [alg],
    contentEncryptionAlgorithms: [enc],
    maxPBES2Count: 1_000_000,
  };
  const decrypted =
    form === 'flattened'
      ? await jose.flattenedDecrypt(JSON.parse(token), key, options)
      : await jose.compactDecrypt(token, key, options);
  return Buffer.from(decrypted.plaintext).toString('base64url');
}

async function importKey(jwk, alg) {
  if (jwk.kty === 'oct') {
    return Buffer.from(jwk.k, 'base64url');
  }
  // The task names the algorithm; "use" and "key_ops" would bind the key to its other half's operations.
  const { use, key_ops, ...bare } = jwk;
  return jose.importJWK({ ...bare, alg }, alg);
}

function publicPart(jwk) {
  if (jwk.kty === 'oct') {
    return jwk;
  }
  const { d, p, q, dp, dq, qi, priv, ...rest } = jwk;
  return rest;
}
