import { html, raw } from 'hono/html'
import type { Api } from '../../api/index.ts'
import type { Node } from '../../main.ts'
import { page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { t } from '../text.ts'
import { drawing } from './drawings.ts'
import { LESSONS, LESSONS_HOURS, PARAGRAPHS, QUESTIONS, type Lesson } from './lessons.ts'

/** Lines for notes on a printed lesson: as many as leave room for languages with long words. */
const NOTE_LINES = 6

/** Ten lessons on works and AI, for whoever wants to learn or to hold a workshop. */
export function addLessonRoutes(web: Api, node: Node): void {
  web.get('/lessons', (context) => context.html(overviewPage(node)))
  web.get('/lessons/print', (context) => context.html(printPage(node)))
  web.get('/lessons/:number', (context) => {
    const lesson = LESSONS.find(({ number }) => String(number) === context.req.param('number'))
    return lesson ? context.html(lessonPage(node, lesson)) : context.notFound()
  })
}

function overviewPage(node: Node): Html {
  return page({
    title: t('lesson.title'),
    path: '/lessons',
    isExample: isExample(node),
    content: html`<p class="lead">${t('lesson.lead')}</p>
      <ol>
        ${LESSONS.map(
          (lesson) =>
            html`<li><a href="/lessons/${lesson.number}">${text(lesson, 'title')}</a><br />${framing(lesson)}</li>`,
        )}
      </ol>
      <p class="screen"><a class="button" href="/lessons/print">${t('lesson.print')}</a></p>
      ${workshop()}`,
  })
}

function lessonPage(node: Node, lesson: Lesson): Html {
  return page({
    title: title(lesson),
    path: `/lessons/${lesson.number}`,
    isExample: isExample(node),
    content: html`<p class="lead">${text(lesson, 'aim')}</p>
      ${body(node, lesson, 'h2')}
      <p class="screen">
        ${neighbour('lesson.previous', lesson.number - 1)}${neighbour('lesson.next', lesson.number + 1)}<a
          href="/lessons"
          >${t('lesson.title')}</a
        >
      </p>`,
  })
}

/** What a workshop needs on the first sheet, then each lesson on a sheet of its own. */
function printPage(node: Node): Html {
  return page({
    title: t('lesson.title'),
    path: '/lessons/print',
    isExample: isExample(node),
    content: html`<p class="lead">${t('lesson.lead')}</p>
      ${workshop()}
      ${LESSONS.map(
        (lesson) =>
          html`<section class="paper lesson" aria-labelledby="lesson-${lesson.number}">
            <h2 id="lesson-${lesson.number}">${title(lesson)}</h2>
            <p>${text(lesson, 'aim')}</p>
            ${body(node, lesson, 'h3')}
            <h3>${t('lesson.notes')}</h3>
            <div aria-hidden="true">${Array.from({ length: NOTE_LINES }, () => html`<p class="line"></p>`)}</div>
          </section>`,
      )}`,
  })
}

function workshop(): Html {
  return html`<h2>${t('lesson.workshop')}</h2>
    <ul>
      <li>${t('lesson.workshop.people')}</li>
      <li>${t('lesson.workshop.things')}</li>
      <li>${t('lesson.workshop.time', { count: LESSONS_HOURS })}</li>
      <li>${t('lesson.workshop.care')}</li>
    </ul>`
}

/** All that stands under a lesson's title and aim, with headings of one level. */
function body(node: Node, lesson: Lesson, level: 'h2' | 'h3'): Html {
  const heading = (key: string) => html`${raw(`<${level}>`)}${t(key)}${raw(`</${level}>`)}`
  return html`<p>${framing(lesson)}</p>
    ${drawing(lesson.number, text(lesson, 'drawing'))} ${PARAGRAPHS.map((part) => html`<p>${text(lesson, part)}</p>`)}
    ${heading('lesson.activity')}
    <p>${text(lesson, 'activity')}</p>
    <p>${t('lesson.try')} ${lesson.places.map((place, i) => html`${i === 0 ? '' : ' · '}${placeLink(node, place)}`)}</p>
    ${heading('lesson.questions')}
    <ul>
      ${QUESTIONS.map((part) => html`<li>${text(lesson, part)}</li>`)}
    </ul>
    ${heading('lesson.wrong')}
    <p class="note">${text(lesson, 'wrong')}</p>`
}

/** On paper the whole address stands behind it, for whoever types it. */
function placeLink({ config }: Node, [path, label]: Lesson['places'][number]): Html {
  return html`<a href="${path}" data-address="${new URL(path, config.publicUrl).href}">${t(label)}</a>`
}

function framing({ minutes, audience }: Lesson): Html {
  return html`<span class="soft">${t('lesson.minutes', { count: minutes })} · ${t(`lesson.for.${audience}`)}</span>`
}

function neighbour(key: string, number: number): Html | '' {
  const lesson = LESSONS.find((each) => each.number === number)
  return lesson ? html`${t(key)}: <a href="/lessons/${number}">${title(lesson)}</a><br />` : ''
}

function title(lesson: Lesson): string {
  return `${lesson.number}. ${text(lesson, 'title')}`
}

function text({ number }: Lesson, part: string): string {
  return t(`lesson.${number}.${part}`)
}
