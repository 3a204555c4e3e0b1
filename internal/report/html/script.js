"use strict";

// The page is whole without this script: it adds the filters and the buttons
// that copy a command.

const form = document.getElementById("filters");
if (form) {
	const articles = Array.from(document.querySelectorAll("article"));
	const texts = new Map(articles.map((a) => [a, a.closest("section").textContent.toLowerCase()]));

	const apply = () => {
		const chosen = new FormData(form);
		const levels = chosen.getAll("level");
		const text = chosen.get("text").trim().toLowerCase();
		const fits = (value, all) => value === "" || all.includes(value);
		let shown = 0;
		for (const article of articles) {
			const { level, rule, routes, codes } = article.dataset;
			const match = levels.includes(level) && fits(chosen.get("rule"), [rule]) &&
				fits(chosen.get("route"), routes.split("\n")) && fits(chosen.get("code"), codes.split(" ")) &&
				texts.get(article).includes(text);
			article.hidden = !match;
			document.querySelector(`tr[data-for="${article.id}"]`).hidden = !match;
			if (match) {
				shown++;
			}
		}
		for (const section of document.querySelectorAll(".rule")) {
			section.hidden = !section.querySelector("article:not([hidden])");
		}
		document.getElementById("shown").textContent = `${shown} of ${articles.length} shown`;
	};

	form.hidden = false;
	form.addEventListener("input", apply);
	form.addEventListener("submit", (event) => event.preventDefault());
	apply();
}

for (const button of document.querySelectorAll(".replay button")) {
	button.hidden = false;
	button.addEventListener("click", async () => {
		const command = button.parentElement.querySelector("code");
		try {
			await navigator.clipboard.writeText(command.textContent);
			button.textContent = "Copied";
		} catch {
			getSelection().selectAllChildren(command);
			button.textContent = "Selected";
		}
	});
}
