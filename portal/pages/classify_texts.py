"""The words that the classify page's modules put on the screen themselves; the rest is in its templates.

`{name}` is filled in by static/classify/text.js. No plurals there, so sentences are made to need none.
"""

from django.utils.translation import gettext as _


def texts() -> dict[str, str]:
    return {
        "again_in": _("Looking again in {n} s"),
        "announce": _("Question: {question}"),
        "choose_first": _("Choose an answer first."),
        "consent_offline": _("The network is away: try again when it is back."),
        "done": _("Done"),
        "exam_open": _("Your exam is open"),
        "exam_open_note": _("Load this page again to go on with it."),
        "exam_passed": _("Passed"),
        "exam_passed_note": _("{mark} were asked for. Well done: what needs this exam is open to you now."),
        "exam_progress": _("Exam: {n} of {of}"),
        "exam_ready": _("An exam of {n} pictures"),
        "exam_ready_note": _("Nothing is told before its end. You pass with {mark} right."),
        "exam_score": _("Your score: {score}"),
        "exam_spent": _("Not passed"),
        "exam_spent_note": _(
            "{mark} were asked for, and all your tries are used. There is other work to do."
        ),
        "exam_too_few": _("No exam just now"),
        "exam_too_few_note": _(
            "There are not enough pictures for it that are new to you. The team has to add some."
        ),
        "exam_tries": _("Tries left: {tries}"),
        "exam_wait": _("Not passed this time"),
        "exam_wait_note": _("{mark} were asked for. You can try again at {at}, with other pictures."),
        "favourite_add": _("Keep as a favourite (f)"),
        "favourite_failed": _("The favourite was not stored: try again."),
        "favourite_remove": _("Keep no longer (f)"),
        "greek_acute": _("acute accent"),
        "greek_circumflex": _("circumflex"),
        "greek_delete": _("Delete the letter before"),
        "greek_diaeresis": _("diaeresis"),
        "greek_final": _("final sigma"),
        "greek_grave": _("grave accent"),
        "greek_iota": _("iota subscript"),
        "greek_keyboard": _("Greek keyboard"),
        "greek_latin": _("Latin keys write Greek: a, b, g … and ) ( / \\ = | + for marks"),
        "greek_lunate": _("lunate sigma"),
        "greek_rough": _("rough breathing"),
        "greek_shift": _("Capital letter"),
        "greek_smooth": _("smooth breathing"),
        "greek_space": _("Space"),
        "greek_takes_none": _("This mark joins the letter before the caret, and that one does not take it."),
        "greek_unclear": _("A letter that can't be read"),
        "glance_first": _("You were the first to answer the picture before."),
        "glance_share": _("{votes} of {asked}"),
        "glance_total": _("The picture before: answers of {n} people, yours included."),
        "glance_unavailable": _("How others answered can't be shown just now."),
        "glance_no_text": _("The texts are not put together yet."),
        "glance_written": _("Put together letter by letter from what {written} of {asked} wrote."),
        "glance_your_text": _("Yours: {text}"),
        "glance_yours": _("{answer} (you)"),
        "next": _("Next"),
        "question_number": _("Question {n}"),
        "redo_failed": _("The correction was not stored: try again. It is safe to send it twice."),
        "refused": _("One answer could not be stored and was dropped."),
        "text_label": _("Your text"),
        "text_unclear": _("{sign} stands for a letter that you can't read."),
        "today": _("{n} done today"),
        "told_right": _("The team knew the answer to the picture before, and yours was the same."),
        "told_wrong": _(
            "The team knew the answer to the picture before. {question} You said: {yours}. The team says: {truth}."
        ),
        "try_again": _("That did not work: try again."),
        "tutorial_count": _("{n} of {of}"),
        "tutorial_end": _("Start"),
        "training_progress": _("Training: {n} of {of}"),
        "verdict_all_right": _("That is right"),
        "verdict_late": _("Not sent yet"),
        "verdict_late_note": _(
            "The site can't be reached. Your answer is safe here, and is sent when it can."
        ),
        "verdict_not_all_right": _("Not quite"),
        "verdict_nothing": _("nothing"),
        "verdict_retry": _("Send now"),
        "verdict_right": _("Right."),
        "verdict_sending": _("Sending your answer …"),
        "verdict_truth": _("The team says: {answer}"),
        "verdict_wrong": _("Not right."),
        "verdict_yours": _("You said: {answer}"),
        "waiting": _("Answers that wait to be sent: {n}. They are safe on this device."),
        "waiting_fragile": _(
            "Answers that wait to be sent: {n}. Keep this page open: your browser stores nothing."
        ),
    }
