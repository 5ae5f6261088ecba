"""A project as a folder of text: read, checked, loaded.

    project.yaml            title, texts, colour, subject sets, catalogue attributes, qualifications
    pages/SLUG.md           front matter (title, position), then Markdown
    guide.md                the guide beside the task, in the same form; its sections begin with ##
    tutorial.yaml           list of {title, text, image?, workflow?}
    workflows/SLUG.yaml     {slug, title, tagline, position, subject_set, requires} and the definition
    icons/NAME.svg          drawn in currentColor; answers name them
    maker.py                optional: make(folder, progress) writes subjects.csv and the media into `folder`
    subjects.csv            in the made folder: external_id, subject_set, file, alt, meta:KEY..., attr:KEY...
    gold.csv                optional, in the made folder: known answers, see projects/services/gold_file.py
    crowd.yaml              optional, samples only: what a simulated crowd takes for the truth (mining reads it)

A picture of a page, `![what it shows](letters/alphabet.png)`, or of the tutorial is a file of this folder or of the
made one. It is stored with the project's media.

Icons travel inside the workflow's definition: `definition["icons"] = {"smooth": "<svg ...>"}`, one entry for each
name that an answer's `icon` gives. The markup has passed the allow-list of `icons.py` (no script, style, reference
or text), so a page may put it inline, where currentColor follows its theme.
"""
