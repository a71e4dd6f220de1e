<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en_US">
<context>
    <name>AlertStrip</name>
    <message numerus="yes">
        <source>%n dismissed</source>
        <translation>
            <numerusform>%n dismissed</numerusform>
            <numerusform>%n dismissed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ApplyBar</name>
    <message numerus="yes">
        <source>%n setting(s) changed</source>
        <translation>
            <numerusform>%n setting changed</numerusform>
            <numerusform>%n settings changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BundleDialog</name>
    <message numerus="yes">
        <source>%n file(s), {size} before it is packed</source>
        <translation>
            <numerusform>%n file, {size} before it is packed</numerusform>
            <numerusform>%n files, {size} before they are packed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BypassRow</name>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n process</numerusform>
            <numerusform>%n processes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CarriesCard</name>
    <message numerus="yes">
        <source>all %n worker(s)</source>
        <translation>
            <numerusform>all %n worker</numerusform>
            <numerusform>all %n workers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n further worker(s)</source>
        <translation>
            <numerusform>%n further worker</numerusform>
            <numerusform>%n further workers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClientRow</name>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n process</numerusform>
            <numerusform>%n processes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ClientsPart</name>
    <message numerus="yes">
        <source>Show all %n program(s)</source>
        <translation>
            <numerusform>Show the %n program</numerusform>
            <numerusform>Show all %n programs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message numerus="yes">
        <source>%n program(s) came through the panel</source>
        <translation>
            <numerusform>%n program came through the panel</numerusform>
            <numerusform>%n programs came through the panel</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n program(s) go past it</source>
        <translation>
            <numerusform>%n program goes past it</numerusform>
            <numerusform>%n programs go past it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Counts</name>
    <message numerus="yes">
        <source>%n finding(s)</source>
        <translation>
            <numerusform>%n finding</numerusform>
            <numerusform>%n findings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n check(s)</source>
        <translation>
            <numerusform>%n check</numerusform>
            <numerusform>%n checks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more file(s)</source>
        <translation>
            <numerusform>and %n more file</numerusform>
            <numerusform>and %n more files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n finding(s) are ignored</source>
        <translation>
            <numerusform>%n finding is ignored</numerusform>
            <numerusform>%n findings are ignored</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DoctorState</name>
    <message numerus="yes">
        <source>%n check(s) were made, and nothing is to be mended.</source>
        <translation>
            <numerusform>%n check was made, and nothing is to be mended.</numerusform>
            <numerusform>%n checks were made, and nothing is to be mended.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be made.</source>
        <translation>
            <numerusform>%n could not be made.</numerusform>
            <numerusform>%n could not be made.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DrillDialog</name>
    <message numerus="yes">
        <source>The panel did not cope with %n fault(s).</source>
        <translation>
            <numerusform>The panel did not cope with %n fault.</numerusform>
            <numerusform>The panel did not cope with %n faults.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message numerus="yes">
        <source>Replace %n file(s) in this folder?</source>
        <translation>
            <numerusform>Replace %n file in this folder?</numerusform>
            <numerusform>Replace %n files in this folder?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportPreview</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new or changed</source>
        <translation>
            <numerusform>%n new or changed</numerusform>
            <numerusform>%n new or changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportScope</name>
    <message numerus="yes">
        <source>Profile: {name}, %n slot(s)</source>
        <translation>
            <numerusform>Profile: {name}, %n slot</numerusform>
            <numerusform>Profile: {name}, %n slots</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GpuTexts</name>
    <message numerus="yes">
        <source>Let %n request(s) end first</source>
        <translation>
            <numerusform>Let %n request end first</numerusform>
            <numerusform>Let %n requests end first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cut %n request(s) now</source>
        <translation>
            <numerusform>Cut %n request now</numerusform>
            <numerusform>Cut %n requests now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) still end</source>
        <translation>
            <numerusform>%n request still ends</numerusform>
            <numerusform>%n requests still end</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n request waits</numerusform>
            <numerusform>%n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n note(s) in the alerts</source>
        <translation>
            <numerusform>%n note in the alerts</numerusform>
            <numerusform>%n notes in the alerts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HardwareTable</name>
    <message numerus="yes">
        <source>measured in %n answer(s)</source>
        <translation>
            <numerusform>measured in %n answer</numerusform>
            <numerusform>measured in %n answers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>%n source(s)</source>
        <translation>
            <numerusform>%n source</numerusform>
            <numerusform>%n sources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n server(s)</source>
        <translation>
            <numerusform>%n server</numerusform>
            <numerusform>%n servers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>InstancesPage</name>
    <message numerus="yes">
        <source>%n request(s) in flight</source>
        <translation>
            <numerusform>%n request in flight</numerusform>
            <numerusform>%n requests in flight</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PanelSteps</name>
    <message numerus="yes">
        <source>%n wait here meanwhile.</source>
        <translation>
            <numerusform>%n waits here meanwhile.</numerusform>
            <numerusform>%n wait here meanwhile.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PoolCard</name>
    <message numerus="yes">
        <source>%n waiting request(s) will be refused if no other pool serves them.</source>
        <translation>
            <numerusform>%n waiting request will be refused if no other pool serves it.</numerusform>
            <numerusform>%n waiting requests will be refused if no other pool serves them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PowerPart</name>
    <message numerus="yes">
        <source>Kept awake while %n request(s) run or wait</source>
        <translation>
            <numerusform>Kept awake while %n request runs or waits</numerusform>
            <numerusform>Kept awake while %n requests run or wait</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PredictionPart</name>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>%n at once</numerusform>
            <numerusform>%n at once</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileMenu</name>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>%n slot</numerusform>
            <numerusform>%n slots</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProfileRow</name>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n worker</numerusform>
            <numerusform>%n workers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProgramsCard</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n process(es)</source>
        <translation>
            <numerusform>%n process</numerusform>
            <numerusform>%n processes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s)</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RequestActions</name>
    <message numerus="yes">
        <source>Cancel %n request(s)?</source>
        <translation>
            <numerusform>Cancel %n request?</numerusform>
            <numerusform>Cancel %n requests?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) cancelled</source>
        <translation>
            <numerusform>%n request cancelled</numerusform>
            <numerusform>%n requests cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) moved to the front</source>
        <translation>
            <numerusform>%n request moved to the front</numerusform>
            <numerusform>%n requests moved to the front</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RequestsPage</name>
    <message numerus="yes">
        <source>Cancel %n request(s)</source>
        <translation>
            <numerusform>Cancel %n request</numerusform>
            <numerusform>Cancel %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServersPart</name>
    <message numerus="yes">
        <source>Show all %n server(s)</source>
        <translation>
            <numerusform>Show all %n server</numerusform>
            <numerusform>Show all %n servers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message numerus="yes">
        <source>%n request(s) are still being served.</source>
        <translation>
            <numerusform>%n request is still being served.</numerusform>
            <numerusform>%n requests are still being served.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n request waits</numerusform>
            <numerusform>%n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open error(s)</source>
        <translation>
            <numerusform>%n open error</numerusform>
            <numerusform>%n open errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n open warning(s)</source>
        <translation>
            <numerusform>%n open warning</numerusform>
            <numerusform>%n open warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message numerus="yes">
        <source>%n request(s) chosen</source>
        <translation>
            <numerusform>%n request chosen</numerusform>
            <numerusform>%n requests chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrialCard</name>
    <message numerus="yes">
        <source>prompt of %Ln token(s)</source>
        <translation>
            <numerusform>prompt of %Ln token</numerusform>
            <numerusform>prompt of %Ln tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>answer of %Ln token(s)</source>
        <translation>
            <numerusform>answer of %Ln token</numerusform>
            <numerusform>answer of %Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningCurve</name>
    <message numerus="yes">
        <source>%n slot(s) fit</source>
        <translation>
            <numerusform>%n slot fits</numerusform>
            <numerusform>%n slots fit</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningForm</name>
    <message numerus="yes">
        <source>{workload} (%n of the last week)</source>
        <translation>
            <numerusform>{workload} (%n of the last week)</numerusform>
            <numerusform>{workload} (%n of the last week)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningPage</name>
    <message numerus="yes">
        <source>{what} · ended {time} after %n trial(s) in {span}</source>
        <translation>
            <numerusform>{what} · ended {time} after %n trial in {span}</numerusform>
            <numerusform>{what} · ended {time} after %n trials in {span}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningPreviewCard</name>
    <message numerus="yes">
        <source>About {minutes} min, %n trial(s)</source>
        <translation>
            <numerusform>About {minutes} min, %n trial</numerusform>
            <numerusform>About {minutes} min, %n trials</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningTraffic</name>
    <message numerus="yes">
        <source>%n interruption(s)</source>
        <translation>
            <numerusform>%n interruption</numerusform>
            <numerusform>%n interruptions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TuningVerdict</name>
    <message numerus="yes">
        <source>Cancelled after %n trial(s)</source>
        <translation>
            <numerusform>Cancelled after %n trial</numerusform>
            <numerusform>Cancelled after %n trials</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WatchdogLine</name>
    <message numerus="yes">
        <source>Restarted by the watchdog: %n time(s)</source>
        <translation>
            <numerusform>Restarted by the watchdog: %n time</numerusform>
            <numerusform>Restarted by the watchdog: %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_GpuWords</name>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n request waits</numerusform>
            <numerusform>%n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) go on</source>
        <translation>
            <numerusform>%n request goes on</numerusform>
            <numerusform>%n requests go on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_ImportWords</name>
    <message numerus="yes">
        <source>Imported, with %n mistake(s) in the sources</source>
        <translation>
            <numerusform>Imported, with %n mistake in the sources</numerusform>
            <numerusform>Imported, with %n mistakes in the sources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mistake(s) in the sources</source>
        <translation>
            <numerusform>%n mistake in the sources</numerusform>
            <numerusform>%n mistakes in the sources</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_LastChangeWords</name>
    <message numerus="yes">
        <source>%n min before</source>
        <translation>
            <numerusform>%n min before</numerusform>
            <numerusform>%n min before</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Results</name>
    <message numerus="yes">
        <source>%n instance(s) are back after {time}</source>
        <translation>
            <numerusform>%n instance is back after {time}</numerusform>
            <numerusform>%n instances are back after {time}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) lost</source>
        <translation>
            <numerusform>%n request lost</numerusform>
            <numerusform>%n requests lost</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n request waits</numerusform>
            <numerusform>%n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n Ollama server(s) run on this computer</source>
        <translation>
            <numerusform>%n Ollama server runs on this computer</numerusform>
            <numerusform>%n Ollama servers run on this computer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s) unloaded</source>
        <translation>
            <numerusform>%n model unloaded</numerusform>
            <numerusform>%n models unloaded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Summary</name>
    <message numerus="yes">
        <source>%n instance(s) cannot run</source>
        <translation>
            <numerusform>%n instance cannot run</numerusform>
            <numerusform>%n instances cannot run</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Requests stand still at %n instance(s)</source>
        <translation>
            <numerusform>Requests stand still at %n instance</numerusform>
            <numerusform>Requests stand still at %n instances</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The queue is paused: %n request(s) wait</source>
        <translation>
            <numerusform>The queue is paused: %n request waits</numerusform>
            <numerusform>The queue is paused: %n requests wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n program(s) go past the queue, straight to Ollama</source>
        <translation>
            <numerusform>%n program goes past the queue, straight to Ollama</numerusform>
            <numerusform>%n programs go past the queue, straight to Ollama</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instance(s) are stopped</source>
        <translation>
            <numerusform>%n instance is stopped</numerusform>
            <numerusform>%n instances are stopped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>a model is being loaded for %n request(s)</source>
        <translation>
            <numerusform>a model is being loaded for %n request</numerusform>
            <numerusform>a model is being loaded for %n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) wait</source>
        <translation>
            <numerusform>%n request waits</numerusform>
            <numerusform>%n requests wait</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_TuningCounts</name>
    <message numerus="yes">
        <source>%n slot(s)</source>
        <translation>
            <numerusform>%n slot</numerusform>
            <numerusform>%n slots</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>%n worker</numerusform>
            <numerusform>%n workers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>repeated %n time(s)</source>
        <translation>
            <numerusform>repeated %n time</numerusform>
            <numerusform>repeated %n times</numerusform>
        </translation>
    </message>
</context>
</TS>
