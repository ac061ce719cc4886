from yaat import Plugin, Yaat, hookimpl
from yaat.arguments import Argument, Source
from yaat.records import ParameterResolver


def find_language(request):
    return request.headers.get("accept-language", "en").partition(",")[0]


LANGUAGE = Source(get=find_language)


class LanguagePlugin(Plugin):
    name = "language"

    @hookimpl
    def yaat_register_parameter_resolvers(self, app):
        return ParameterResolver(name="language", resolve=self.resolve)

    def resolve(self, parameter, site):
        if parameter.name == "language":
            return Argument(source=LANGUAGE)


app = Yaat(plugins=[LanguagePlugin()])


@app.get("/")
async def index(request, language):
    return {"language": language}
